package io.qbc.ledger;

import io.qbc.consensus.Engine;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import java.util.List;

/** A quant before it is sealed: its header without a proof, on the tip that it was made for. */
public record Draft(Tip parent, Header header, List<Hash> ids) {
    public Draft {
        ids = List.copyOf(ids);
    }

    /**
     * Drafts the quant after {@code parent}.
     *
     * @param now the clock, milliseconds since 1970; the timestamp is later if the chain's median demands it
     */
    public static Draft on(Tip parent, Hash chain, List<Hash> ids, Engine engine, Bytes producer, long now) {
        Header before = parent.head().header();
        long timestamp = Math.max(now, parent.medianTime() + 1);
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
                producer,
                engine.prepare(before, timestamp),
                Bytes.EMPTY);
        return new Draft(parent, header, ids);
    }
}
