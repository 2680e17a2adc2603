package io.qbc.bus;

import io.qbc.model.Hash;

/**
 * Reads one quant by its hash, a bounded piece at a time.
 *
 * @param bytesMax how many bytes of encoded transactions to give about; one comes however large it is
 * @param countMax how many transactions, at most: who asks for a few tells where the next piece begins
 */
public record ReadQuant(Hash chain, Hash quant, int offset, int bytesMax, int countMax) {
    /** As many as the bytes allow. */
    public ReadQuant(Hash chain, Hash quant, int offset, int bytesMax) {
        this(chain, quant, offset, bytesMax, Integer.MAX_VALUE);
    }
}
