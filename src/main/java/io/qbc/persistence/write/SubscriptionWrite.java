package io.qbc.persistence.write;

import io.qbc.bus.Catalogue.KeepSubscriptionRows;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.bus.Catalogue.SubscriptionRows;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Stores rows for a chain's subscriptions. */
public final class SubscriptionWrite implements Write {
    private static final int OVERHEAD_BYTES = 128;

    private final OpenChain chain;
    private final List<SubscriptionRow> rows;
    private final Promise<SubscriptionRows> answer = Promise.promise();

    private SubscriptionWrite(OpenChain chain, List<SubscriptionRow> rows) {
        this.chain = chain;
        this.rows = rows;
    }

    /** Makes them durable, in the order in which they are handed in. */
    public static Future<SubscriptionRows> through(Writer writer, OpenChain chain, KeepSubscriptionRows keep) {
        SubscriptionWrite write = new SubscriptionWrite(chain, keep.rows());
        writer.offer(write, chain.number()).ifPresent(refusal -> write.answer.fail(new Failure(refusal)));
        return write.answer.future();
    }

    /** chain ‖ key. */
    public static byte[] key(int chain, byte[] key) {
        byte[] begin = StoreKeys.begin(chain);
        byte[] all = Arrays.copyOf(begin, begin.length + key.length);
        System.arraycopy(key, 0, all, begin.length, key.length);
        return all;
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (SubscriptionRow row : rows) {
            bytes += OVERHEAD_BYTES + row.value().map(value -> value.size()).orElse(0);
        }
        return bytes;
    }

    @Override
    public void put(Group group) {
        // What is dropped meanwhile must leave nothing behind.
        if (chain.closed()) {
            return;
        }
        for (SubscriptionRow row : rows) {
            byte[] key = key(chain.number(), row.key().toArray());
            row.value()
                    .ifPresentOrElse(
                            value -> group.put(ColumnFamily.SUBSCRIPTIONS, key, value.toArray()),
                            () -> group.delete(ColumnFamily.SUBSCRIPTIONS, key));
        }
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        // Who waits is told in the order of the answers.
    }

    @Override
    public void answer(Optional<Refusal> refusal) {
        Optional<Refusal> failed = refusal.or(() -> chain.closed()
                ? Optional.of(Reason.CHAIN_UNKNOWN.refusal("the chain " + chain.id() + " was dropped"))
                : Optional.empty());
        failed.ifPresentOrElse(
                why -> answer.fail(new Failure(why)), () -> answer.complete(new SubscriptionRows(List.of())));
    }
}
