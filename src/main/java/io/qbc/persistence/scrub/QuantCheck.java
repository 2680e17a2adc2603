package io.qbc.persistence.scrub;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Pruning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks one chain's quants, on the chain from the genesis quant to the head, and those aside. */
final class QuantCheck {
    private static final int TIMES_COUNT = 11;
    /** What a quant without transactions counts as. */
    private static final int QUANT_BYTES = 1024;

    private final Store store;
    private final OpenChain chain;
    private final CheckTally tally;

    QuantCheck(Store store, OpenChain chain, CheckTally tally) {
        this.store = store;
        this.chain = chain;
        this.tally = tally;
    }

    void run() {
        main().ifPresent(this::noOthers);
        aside();
    }

    /** Checks what a dropped chain has left for its forks. */
    void remains() {
        main();
        for (long height = chain.base(); ; height++) {
            Optional<QuantRecord> quant = chain.quants().at(height).flatMap(chain.quants()::find);
            if (quant.isEmpty()) {
                return;
            }
            for (Transaction transaction : chain.log().transactions(quant.get().logRanges())) {
                chain.transactionRules()
                        .check(transaction)
                        .ifPresent(refusal -> tally.find(quant.get().height(), refusal.detail()));
                tally.transaction();
            }
        }
    }

    /** Walks from the genesis quant to the head; nothing if the way ends before. */
    private Optional<Tip> main() {
        Optional<Place> place = begin();
        while (place.filter(Place::more).isPresent()) {
            place = piece(place.get().tip(), Long.MAX_VALUE);
        }
        return place.map(Place::tip);
    }

    /** A place on the way to the head: all up to it is sound; {@code more} if it is not the head. */
    record Place(Tip tip, boolean more) {}

    /** The place at the genesis quant; nothing if the chain does not begin with it. */
    Optional<Place> begin() {
        Optional<Tip> genesis = genesis();
        if (genesis.isPresent()
                && chain.quants().at(chain.base()).filter(chain.id()::equals).isEmpty()) {
            tally.find(chain.base(), "the chain does not begin with its genesis quant");
            return Optional.empty();
        }
        genesis.ifPresent(tip -> tally.quant());
        return genesis.map(tip -> new Place(tip, true));
    }

    /** Checks quants of about so many bytes after this tip, one at least; nothing if the way ends at damage. */
    Optional<Place> piece(Tip from, long bytesMax) {
        Tip tip = from;
        long bytes = 0;
        try (SequenceScan main = new SequenceScan(store, ColumnFamily.MAIN, chain.number());
                SequenceScan placed = new SequenceScan(store, ColumnFamily.PLACED, chain.number())) {
            main.seek(tip.head().height() + 1);
            while (main.here() && bytes < bytesMax) {
                long height = tip.head().height() + 1;
                if (main.number() != height) {
                    tally.find(height, "there is no quant at this height");
                    return Optional.empty();
                }
                QuantRecord quant = chain.quants().known(Quants.hash(main.value()));
                Optional<Tip> next = judge(tip, quant);
                placed(quant, placed);
                indexed(quant);
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                tip = next.get();
                tally.quant();
                bytes += QUANT_BYTES + quant.bytes();
                main.next();
            }
            tally.read(bytes);
            return Optional.of(new Place(tip, main.here()));
        }
    }

    /** What the chain begins with; a fork where its parent has, or had, the quant that its spec names. */
    private Optional<Tip> genesis() {
        Optional<Tip> genesis =
                chain.spec().fork().map(this::fork).orElseGet(() -> Optional.of(Tip.genesis(chain.spec())));
        genesis.ifPresent(tip -> {
            QuantRecord record = chain.quants().known(chain.id());
            boolean same = record.head().equals(tip.head()) && record.frontier().equals(tip.frontier());
            tally.require(same, chain.base(), "another weight or tree has the genesis quant", chain.id());
        });
        return genesis;
    }

    private Optional<Tip> fork(ForkPoint point) {
        Optional<QuantRecord> last = chain.quants().at(point.height()).flatMap(chain.quants()::find);
        boolean sound = last.filter(quant -> quant.hash().equals(point.quant())
                        && quant.header().treeSize() == point.treeSize()
                        && quant.header().root().equals(point.root()))
                .isPresent();
        if (!sound) {
            tally.find(point.height(), "the parent does not have the quant " + point.quant() + " of the fork point");
            return Optional.empty();
        }
        past(last.get());
        QuantRecord quant = last.get();
        return Optional.of(Tip.fork(
                chain.spec(), quant.head(), quant.frontier(), chain.quants().times(quant)));
    }

    /** Follows the part of the past that the parent's present chain, which is checked for itself, has no more. */
    private void past(QuantRecord last) {
        QuantRecord quant = last;
        long shared = chain.parentHistory().orElseThrow().shared();
        while (quant.height() > Math.max(0, shared)) {
            Hash previous = quant.header().previous();
            boolean linked = chain.quants()
                    .at(quant.height() - 1)
                    .filter(previous::equals)
                    .isPresent();
            Optional<QuantRecord> before = chain.quants().find(previous);
            if (!linked || before.isEmpty()) {
                tally.find(quant.height(), "the fork's past does not follow quant " + previous);
                return;
            }
            List<Hash> ids = chain.owner(quant.height()).log().ids(quant.logRanges());
            Frontier grown = before.get().frontier().append(ids);
            boolean sound = grown.equals(quant.frontier())
                    && grown.root().equals(quant.header().root());
            tally.require(sound, quant.height(), "its transactions do not make its root: quant", quant.hash());
            quant = before.get();
        }
    }

    /** Judges the quant anew from what is in the log; its time is judged as if it came in time. */
    private Optional<Tip> judge(Tip parent, QuantRecord quant) {
        if (!quant.header().previous().equals(parent.head().hash())) {
            tally.find(
                    quant.height(), "it does not follow quant " + parent.head().hash());
            return Optional.empty();
        }
        List<Hash> ids = new ArrayList<>();
        List<EngineOperation> engineOperations = new ArrayList<>();
        long[] counted = {0, 0};
        chain.log().heads(quant.logRanges(), entry -> {
            ids.add(entry.id());
            counted[0] += entry.bytes();
            counted[1] += entry.scope().isPresent() ? 1 : 0;
            if (entry.order()) {
                EngineOperation.of(chain.log().transaction(entry.sequence())).ifPresent(engineOperations::add);
            }
        });
        CompactQuant compactQuant = new CompactQuant(quant.header(), quant.seals(), ids);
        long now = quant.header().timestamp();
        Outcome outcome = chain.quantRules().judge(parent, compactQuant, engineOperations, counted[0], now);
        if (outcome instanceof Outcome.Broken broken) {
            Refusal refusal = broken.refusal();
            tally.find(quant.height(), refusal.reason().code() + ": " + refusal.detail());
            return Optional.empty();
        }
        Tip tip = ((Outcome.Valid) outcome).tip();
        boolean same = tip.head().equals(quant.head())
                && tip.frontier().equals(quant.frontier())
                && tip.state().isEmpty() != quant.stated()
                && chain.quants().tip(quant).map(tip::equals).orElse(true)
                && counted[0] == quant.bytes()
                && counted[1] == quant.keyed();
        tally.require(
                same, quant.height(), "its record states another weight, tree, state or size: quant", quant.hash());
        return Optional.of(tip);
    }

    private void placed(QuantRecord quant, SequenceScan placed) {
        for (Placed expected : PlacementIndex.of(quant)) {
            long from = expected.logRange().from();
            boolean sound = placed.seek(from)
                    && placed.number() == from
                    && PlacementIndex.decode(from, placed.value()).equals(expected);
            tally.require(
                    sound, quant.height(), "its transactions are not marked as in the chain: quant", quant.hash());
        }
    }

    /** Whether the index has the quant's transactions, unless it is being made. */
    private void indexed(QuantRecord quant) {
        if (!chain.indexState().isComplete()) {
            return;
        }
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> rows = new ArrayList<>();
        Postings.read(chain, quant).rows(chain.number(), (key, value) -> {
            keys.add(key);
            rows.add(value);
        });
        List<byte[]> stored = keys.isEmpty() ? List.of() : store.gets(ColumnFamily.INDEX, keys);
        for (int i = 0; i < stored.size(); i++) {
            if (!Arrays.equals(stored.get(i), rows.get(i))) {
                tally.find(quant.height(), "its transactions are not all in the index: quant " + quant.hash());
                return;
            }
        }
    }

    /** All places were found from a quant; if their number is right there are no others, and none twice. */
    private void noOthers(Tip head) {
        long entries = 0;
        long end = 0;
        try (SequenceScan placed = new SequenceScan(store, ColumnFamily.PLACED, chain.number())) {
            for (placed.seek(0); placed.here(); placed.next()) {
                Placed place = PlacementIndex.decode(placed.number(), placed.value());
                if (placed.number() < end) {
                    tally.find(place.height(), "log entry " + placed.number() + " has two places in the chain");
                }
                end = place.logRange().end();
                entries += place.logRange().count();
            }
        }
        long inherited = chain.spec().fork().map(ForkPoint::treeSize).orElse(0L);
        if (entries != head.frontier().size() - inherited) {
            tally.find(
                    head.head().height(),
                    entries + " log entries have a place in a chain of "
                            + (head.frontier().size() - inherited));
        }
    }

    /** Whether as much of a quant's branch is there as the next one's time is judged by. */
    private boolean begins(QuantRecord quant) {
        Optional<QuantRecord> at = Optional.of(quant);
        for (int i = 0;
                i < TIMES_COUNT
                        && at.filter(each -> !chain.quants().onChain(each)).isPresent();
                i++) {
            at = chain.quants().find(at.get().header().previous());
        }
        return at.isPresent();
    }

    private void aside() {
        long pruned = Pruning.pruned(store, chain);
        try (Store.Scan scan = store.scan(ColumnFamily.QUANTS)) {
            byte[] key = StoreKeys.hashed(chain.number(), Hash.ZERO);
            for (scan.seek(key); scan.here(); scan.next()) {
                if (scan.key(key) != key.length || StoreKeys.chain(key) != chain.number()) {
                    return;
                }
                QuantRecord quant = QuantRecord.decode(Hash.at(key, StoreKeys.CHAIN_BYTES), scan.value());
                if (!chain.quants().onChain(quant)) {
                    Optional<QuantRecord> parent =
                            chain.quants().find(quant.header().previous());
                    parent.filter(this::begins).flatMap(chain.quants()::tip).ifPresent(tip -> judge(tip, quant));
                    // The oldest quants aside are let go, lowest first.
                    tally.require(
                            parent.isPresent() || quant.height() <= pruned,
                            quant.height(),
                            "its parent is not there: quant",
                            quant.hash());
                }
            }
        }
    }
}
