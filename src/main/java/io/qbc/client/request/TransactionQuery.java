package io.qbc.client.request;

import io.qbc.model.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which transactions of a chain are wanted.
 *
 * <pre>{@code
 * client.listTransactions("main", TransactionQuery.all().withType("order.placed").newestFirst());
 * }</pre>
 *
 * @param key the idempotency key under which the caller, or the author, had it taken in
 * @param author the public key of who signed it
 * @param from the earliest time of its quant
 * @param to the time before which its quant's is
 * @param newest whether the newest come first
 * @param limit how many at most in one page; the node may give fewer
 * @param after what {@code next} of the page before says
 */
public record TransactionQuery(
        Optional<String> key,
        Optional<String> type,
        Optional<Bytes> author,
        Optional<Instant> from,
        Optional<Instant> to,
        boolean newest,
        OptionalInt limit,
        Optional<String> after) {
    /** All of the chain, the oldest first. */
    public static TransactionQuery all() {
        return new TransactionQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                OptionalInt.empty(),
                Optional.empty());
    }

    /** Those of a key, which may wait for a quant still. */
    public static TransactionQuery ofKey(String key) {
        return all().withKey(key);
    }

    public TransactionQuery withKey(String one) {
        return new TransactionQuery(Optional.of(one), type, author, from, to, newest, limit, after);
    }

    public TransactionQuery withType(String one) {
        return new TransactionQuery(key, Optional.of(one), author, from, to, newest, limit, after);
    }

    public TransactionQuery withAuthor(Bytes one) {
        return new TransactionQuery(key, type, Optional.of(one), from, to, newest, limit, after);
    }

    /** In quants from one time on and before another one. */
    public TransactionQuery between(Instant begin, Instant end) {
        return new TransactionQuery(key, type, author, Optional.of(begin), Optional.of(end), newest, limit, after);
    }

    public TransactionQuery newestFirst() {
        return new TransactionQuery(key, type, author, from, to, true, limit, after);
    }

    public TransactionQuery withLimit(int most) {
        return new TransactionQuery(key, type, author, from, to, newest, OptionalInt.of(most), after);
    }

    /** The same list from where a page before ended. */
    public TransactionQuery goingOn(String next) {
        return new TransactionQuery(key, type, author, from, to, newest, limit, Optional.of(next));
    }
}
