package io.qbc.persistence;

import io.qbc.bus.Catalogue.Placed;
import io.qbc.consensus.Order;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks one chain's quants, on the chain from the genesis quant to the head, and those aside. */
final class VerifyQuants {
    private final Store store;
    private final OpenChain chain;
    private final Verify.Tally tally;

    VerifyQuants(Store store, OpenChain chain, Verify.Tally tally) {
        this.store = store;
        this.chain = chain;
        this.tally = tally;
    }

    void run() {
        main();
        aside();
    }

    private void main() {
        Tip tip = Tip.genesis(chain.spec());
        try (Numbered main = new Numbered(store, Space.MAIN, chain.number());
                Numbered placed = new Numbered(store, Space.PLACED, chain.number())) {
            if (!main.seek(0)
                    || main.number() != 0
                    || !Quants.hash(main.value()).equals(chain.id())) {
                tally.find(0, "the chain does not begin with its genesis quant");
                return;
            }
            tally.quant();
            while (main.next()) {
                long height = tip.head().height() + 1;
                if (main.number() != height) {
                    tally.find(height, "there is no quant at this height");
                    return;
                }
                QuantRecord quant = chain.quants().known(Quants.hash(main.value()));
                Optional<Tip> next = judge(tip, quant);
                placed(quant, placed);
                if (next.isEmpty()) {
                    return;
                }
                tip = next.get();
                tally.quant();
            }
        }
        noOthers(tip);
    }

    /** Judges the quant anew from what is in the log; its time is judged as if it came in time. */
    private Optional<Tip> judge(Tip parent, QuantRecord quant) {
        if (!quant.header().previous().equals(parent.head().hash())) {
            tally.find(
                    quant.height(), "it does not follow quant " + parent.head().hash());
            return Optional.empty();
        }
        List<Hash> ids = new ArrayList<>();
        List<Order> orders = new ArrayList<>();
        long[] counted = {0, 0};
        chain.log().heads(quant.runs(), entry -> {
            ids.add(entry.id());
            counted[0] += entry.bytes();
            counted[1] += entry.scope().isPresent() ? 1 : 0;
            if (entry.order()) {
                Order.of(chain.log().transaction(entry.sequence())).ifPresent(orders::add);
            }
        });
        Outline outline = new Outline(quant.header(), quant.seals(), ids);
        long now = quant.header().timestamp();
        Outcome outcome = chain.quantRules().judge(parent, outline, orders, counted[0], now);
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
                && counted[1] == quant.signed();
        tally.require(
                same, quant.height(), "its record states another weight, tree, state or size: quant", quant.hash());
        return Optional.of(tip);
    }

    private void placed(QuantRecord quant, Numbered placed) {
        for (Placed expected : Placements.of(quant)) {
            long from = expected.run().from();
            boolean sound = placed.seek(from)
                    && placed.number() == from
                    && Placements.decode(from, placed.value()).equals(expected);
            tally.require(
                    sound, quant.height(), "its transactions are not marked as in the chain: quant", quant.hash());
        }
    }

    /** All places were found from a quant; if their number is right there are no others, and none twice. */
    private void noOthers(Tip head) {
        long entries = 0;
        long end = 0;
        try (Numbered placed = new Numbered(store, Space.PLACED, chain.number())) {
            for (placed.seek(0); placed.here(); placed.next()) {
                Placed place = Placements.decode(placed.number(), placed.value());
                if (placed.number() < end) {
                    tally.find(place.height(), "log entry " + placed.number() + " has two places in the chain");
                }
                end = place.run().end();
                entries += place.run().count();
            }
        }
        if (entries != head.frontier().size()) {
            tally.find(
                    head.head().height(),
                    entries + " log entries have a place in a chain of "
                            + head.frontier().size());
        }
    }

    private void aside() {
        try (Store.Scan scan = store.scan(Space.QUANTS)) {
            byte[] key = Keys.hashed(chain.number(), Hash.ZERO);
            for (scan.seek(key); scan.here(); scan.next()) {
                if (scan.key(key) != key.length || Keys.chain(key) != chain.number()) {
                    return;
                }
                QuantRecord quant = QuantRecord.decode(Hash.at(key, Keys.CHAIN_BYTES), scan.value());
                if (!chain.quants().onChain(quant)) {
                    Optional<QuantRecord> parent =
                            chain.quants().find(quant.header().previous());
                    parent.ifPresentOrElse(
                            found -> chain.quants().tip(found).ifPresent(tip -> judge(tip, quant)),
                            () -> tally.find(quant.height(), "its parent is not there: quant " + quant.hash()));
                }
            }
        }
    }
}
