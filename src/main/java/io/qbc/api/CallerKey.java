package io.qbc.api;

import io.qbc.access.Caller;
import io.qbc.access.ScopedKey;
import io.qbc.bus.Failure;
import io.qbc.json.JsonObjectText;
import io.qbc.ledger.Scope;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import java.util.Optional;

/**
 * An idempotency key as a caller gives it beside or in a body.
 *
 * @param scope what the keys of the caller belong to; empty if all callers share them
 * @param header the value of the field Idempotency-Key, if there was one
 */
public record CallerKey(String scope, Optional<String> header) {
    /** Of a caller that gives one in the body, if at all. */
    public static CallerKey of(Caller caller) {
        return new CallerKey(caller.scope(), Optional.empty());
    }

    public static CallerKey of(Caller caller, Optional<String> header) {
        return new CallerKey(caller.scope(), header);
    }

    /**
     * The key as it is to stand in the transaction's body; empty if the caller gave none.
     *
     * @throws Failure if it is none
     */
    public Optional<Bytes> read(JsonObjectText text) {
        Optional<String> member = Optional.empty();
        if (text.member("key").isPresent()) {
            member = Optional.of(text.string("key")
                    .orElseThrow(() -> new Failure(Reason.KEY_INVALID, "the member key must be a string")));
        }
        if (member.isPresent() && header.isPresent() && !member.equals(header)) {
            throw new Failure(Reason.KEY_INVALID, "the header field and the member key differ");
        }
        return member.or(() -> header).map(Bytes::utf8).map(this::scoped);
    }

    private Bytes scoped(Bytes key) {
        int most = ScopedKey.bytesMax(scope);
        if (key.isEmpty() || key.size() > most) {
            throw new Failure(Reason.KEY_INVALID, "a key has 1 to " + most + " bytes");
        }
        return ScopedKey.of(scope, key);
    }

    /** Refuses a transaction that nobody signed under a key that may be another caller's. */
    void requireOwn(Transaction transaction) {
        if (scope.isEmpty() || !transaction.body().author().isEmpty()) {
            return;
        }
        boolean nobodys = Scope.of(transaction).isEmpty();
        if (!nobodys && ScopedKey.own(scope, transaction.body().key()).isEmpty()) {
            throw new Failure(
                    Reason.KEY_INVALID, "the key of a transaction without an author begins with its caller's scope");
        }
    }
}
