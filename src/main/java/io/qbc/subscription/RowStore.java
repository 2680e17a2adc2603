package io.qbc.subscription;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.FindSubscriptionRows;
import io.qbc.bus.Catalogue.KeepSubscriptionRows;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is stored of one chain's subscriptions, as the store has it. */
final class RowStore {
    private static final int PAGE = 500;
    private static final byte STATE = 's';
    private static final byte DEAD = 'd';

    private final Bus bus;
    private final Hash chain;

    RowStore(Bus bus, Hash chain) {
        this.bus = bus;
        this.chain = chain;
    }

    /** A stored state; the name is the key's. */
    record Row(String name, Bytes value) {}

    static SubscriptionRow state(SubscriptionMachine machine) {
        return new SubscriptionRow(
                key(machine.subscription().name()),
                Optional.of(StateText.write(machine.subscription(), machine.state())));
    }

    static SubscriptionRow dead(String name, DeadLetter letter) {
        return new SubscriptionRow(deadKey(name, letter.number()), Optional.of(StateText.write(letter)));
    }

    static SubscriptionRow noDead(String name, long number) {
        return new SubscriptionRow(deadKey(name, number), Optional.empty());
    }

    Future<Void> keep(List<SubscriptionRow> rows) {
        return bus.ask(Catalogue.KEEP_SUBSCRIPTION_ROWS, new KeepSubscriptionRows(chain, rows))
                .mapEmpty();
    }

    /** All states of the chain's subscriptions. */
    Future<List<Row>> states() {
        return pages(Bytes.wrap(new byte[] {STATE}), Bytes.EMPTY, new ArrayList<>())
                .map(rows -> rows.stream()
                        .map(row -> new Row(
                                row.key().slice(1, row.key().size() - 1).text(),
                                row.value().orElseThrow()))
                        .toList());
    }

    /** Dead letters behind a number, in order. */
    Future<List<DeadLetter>> dead(String name, long after, int countMax) {
        return bus.ask(
                        Catalogue.FIND_SUBSCRIPTION_ROWS,
                        new FindSubscriptionRows(chain, deadPrefix(name), deadKey(name, after), countMax))
                .map(found -> found.rows().stream()
                        .map(row -> StateText.letter(row.value().orElseThrow()))
                        .toList());
    }

    /** Removes a subscription with all its dead letters, the state last. */
    Future<Void> remove(String name) {
        return bus.ask(
                        Catalogue.FIND_SUBSCRIPTION_ROWS,
                        new FindSubscriptionRows(chain, deadPrefix(name), Bytes.EMPTY, PAGE))
                .compose(found -> {
                    List<SubscriptionRow> gone = new ArrayList<>();
                    found.rows().forEach(row -> gone.add(new SubscriptionRow(row.key(), Optional.empty())));
                    boolean last = gone.size() < PAGE;
                    if (last) {
                        gone.add(new SubscriptionRow(key(name), Optional.empty()));
                    }
                    return keep(gone).compose(kept -> last ? Future.succeededFuture() : remove(name));
                });
    }

    private Future<List<SubscriptionRow>> pages(Bytes prefix, Bytes after, List<SubscriptionRow> all) {
        return bus.ask(Catalogue.FIND_SUBSCRIPTION_ROWS, new FindSubscriptionRows(chain, prefix, after, PAGE))
                .compose(found -> {
                    all.addAll(found.rows());
                    return found.rows().size() < PAGE
                            ? Future.succeededFuture(all)
                            : pages(prefix, all.get(all.size() - 1).key(), all);
                });
    }

    private static Bytes key(String name) {
        return new Encoder(80)
                .raw(Bytes.wrap(new byte[] {STATE}))
                .raw(Bytes.utf8(name))
                .toBytes();
    }

    private static Bytes deadPrefix(String name) {
        return new Encoder(80)
                .raw(Bytes.wrap(new byte[] {DEAD}))
                .raw(Bytes.utf8(name))
                .raw(Bytes.wrap(new byte[1]))
                .toBytes();
    }

    private static Bytes deadKey(String name, long number) {
        return new Encoder(88).raw(deadPrefix(name)).u64(number).toBytes();
    }
}
