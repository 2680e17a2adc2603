package io.qbc.ledger;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Signer;
import java.util.List;

/** A quant before it is sealed: its header without a proof, on the tip that it was made for. */
public record Draft(Tip parent, Header header, List<Hash> ids) {
    public Draft {
        ids = List.copyOf(ids);
    }

    /**
     * Drafts the quant after {@code parent}.
     *
     * @param signingRecord what the signer has bound itself to in this chain so far
     * @param now the clock, milliseconds since 1970; the timestamp is later if the chain's median demands it
     */
    public static Draft on(
            Tip parent,
            Hash chain,
            List<Hash> ids,
            Engine engine,
            Signer signer,
            SigningRecord signingRecord,
            long now) {
        Header before = parent.head().header();
        long timestamp = parent.timestamp(now);
        Frontier grown = parent.frontier().append(ids);
        Header header = new Header(
                Canonical.VERSION,
                chain,
                before.height() + 1,
                timestamp,
                parent.head().hash(),
                grown.size(),
                grown.root(),
                ids.size(),
                signer.key(),
                engine.prepare(parent.parent(), timestamp, signer, signingRecord),
                Bytes.EMPTY);
        return new Draft(parent, header, ids);
    }
}
