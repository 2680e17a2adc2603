package io.qbc.persistence.lifecycle;

import io.qbc.consensus.Engines;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.ChainRecord;
import io.qbc.persistence.chain.IndexState;
import io.qbc.persistence.chain.IndexState.Progress;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.lifecycle.Registry.Row;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chain about to be made: the rows that it begins with, or why it cannot be. A fork begins with its genesis quant
 * alone, whatever its parent's length.
 */
public record GenesisPlan(
        int number, ChainSpec spec, Optional<OpenChain> parent, Optional<Refusal> refusal, List<Row> rows) {
    public GenesisPlan {
        rows = List.copyOf(rows);
    }

    public static GenesisPlan of(ChainSpec spec, OpenChains openChains) {
        if (Engines.of(spec.consensus()).isEmpty()) {
            return refused(spec, "there is no engine " + spec.consensus().engine());
        }
        return spec.fork()
                .map(point -> fork(spec, point, openChains))
                .orElseGet(() -> made(
                        spec,
                        Optional.empty(),
                        Tip.genesis(spec),
                        openChains.next(),
                        Optional.of(IndexState.begun(spec.genesisTime()))));
    }

    private static GenesisPlan fork(ChainSpec spec, ForkPoint point, OpenChains openChains) {
        Optional<OpenChain> parent = openChains.find(point.chain());
        if (parent.isEmpty()) {
            return refused(spec, "the parent " + point.chain() + " is not here");
        }
        Quants quants = parent.get().quants();
        Optional<QuantRecord> last = quants.find(point.quant()).filter(quants::onChain);
        if (last.isEmpty() || last.get().height() != point.height()) {
            return refused(spec, "the parent has no quant " + point.quant() + " at height " + point.height());
        }
        Header header = last.get().header();
        if (header.treeSize() != point.treeSize() || !header.root().equals(point.root())) {
            return refused(spec, "the tree there has the size " + header.treeSize() + " and the root " + header.root());
        }
        List<Long> times = quants.times(last.get());
        if (spec.genesisTime() <= Tip.median(times)) {
            return refused(spec, "the genesis time must be after the median there, which is " + Tip.median(times));
        }
        Tip genesis = Tip.fork(spec, last.get().head(), last.get().frontier(), times);
        Optional<Progress> index = parent.get().indexState().forked(header.timestamp(), spec.genesisTime());
        return made(spec, parent, genesis, openChains.next(), index);
    }

    private static GenesisPlan made(
            ChainSpec spec, Optional<OpenChain> parent, Tip genesis, int number, Optional<Progress> index) {
        boolean stated = !genesis.state().isEmpty();
        QuantRecord record = new QuantRecord(genesis.head(), List.of(), 0, 0, genesis.frontier(), List.of(), stated, 0);
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of(ColumnFamily.META, StoreKeys.registered(number), ChainRecord.encode(spec)));
        rows.add(Row.of(ColumnFamily.META, StoreKeys.watermark(number), StoreKeys.number(1)));
        parent.ifPresent(chain ->
                rows.add(Row.of(ColumnFamily.META, StoreKeys.parent(number), StoreKeys.number(chain.number()))));
        index.ifPresent(progress -> rows.add(Row.of(ColumnFamily.INDEX, IndexState.key(number), progress.encode())));
        rows.add(Row.of(ColumnFamily.QUANTS, StoreKeys.hashed(number, record.hash()), record.encode()));
        rows.add(Row.of(
                ColumnFamily.MAIN,
                StoreKeys.numbered(number, record.height()),
                record.hash().bytes()));
        if (stated) {
            rows.add(Row.of(
                    ColumnFamily.STATES,
                    StoreKeys.hashed(number, record.hash()),
                    genesis.state().toArray()));
        }
        return new GenesisPlan(number, spec, parent, Optional.empty(), rows);
    }

    /**
     * The row by which the chain is one that came from a peer.
     *
     * @param named whether its name stands for it
     */
    public Row foreign(boolean named) {
        return Row.of(ColumnFamily.META, StoreKeys.foreign(number), named ? new byte[0] : Registry.UNNAMED);
    }

    private static GenesisPlan refused(ChainSpec spec, String detail) {
        Refusal refusal = Reason.CHAIN_SPEC_INVALID.refusal(detail);
        return new GenesisPlan(0, spec, Optional.empty(), Optional.of(refusal), List.of());
    }
}
