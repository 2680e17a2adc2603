package io.qbc.model;

import java.util.List;

/** A quant without its transactions' content: header, seals, and the ids in order. */
public record CompactQuant(Header header, List<Seal> seals, List<Hash> ids) {
    public CompactQuant {
        seals = List.copyOf(seals);
        ids = List.copyOf(ids);
    }

    public Hash hash() {
        return header.hash();
    }
}
