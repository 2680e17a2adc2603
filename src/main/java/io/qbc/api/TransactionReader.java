package io.qbc.api;

import io.qbc.api.json.JsonFields;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.DataRules.Judgement;
import io.qbc.ledger.Scope;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A reader of transactions as clients send them: the data alone, or a complete transaction. */
public final class TransactionReader {
    /** The object whose member the data is. */
    public static final int DEPTH_AROUND = 1;

    private static final Set<String> KNOWN = Set.of(
            "data",
            "key",
            "type",
            "schema",
            "salt",
            "timestamp",
            "author",
            "signature",
            "version",
            "id",
            "commitment",
            "length");
    private static final int INLINE_BYTES = 4096;
    private static final Optional<Judgement> SOUND = Optional.of(new Judgement(Optional.empty()));
    private static final Bytes ECHO = Bytes.utf8("put");
    private static final Bytes NODE_MADE = Bytes.wrap(new byte[] {Scope.NODE_MADE});
    private static final int RANDOM_KEY_BYTES = 15;
    /** What stands in a complete transaction alone. */
    private static final List<String> COMPLETE =
            List.of("version", "id", "author", "commitment", "length", "timestamp", "signature", "salt");

    private static final List<String> NEEDED = List.of("salt", "timestamp", "key", "author", "signature");

    private final InstantSource clock;
    private final SaltSource saltSource;
    private final RuleCache rules;
    private final JsonLimits envelope;

    /** @param envelope the limits of a body, which is {@link #DEPTH_AROUND} deeper than the data in it */
    public TransactionReader(InstantSource clock, SaltSource saltSource, RuleCache rules, JsonLimits envelope) {
        this.clock = clock;
        this.saltSource = saltSource;
        this.rules = rules;
        this.envelope = envelope;
    }

    /**
     * A transaction that is well formed.
     *
     * @param costly whether checking it takes more than a look
     * @param glance finds the rule that it breaks at once; nothing if that takes longer than others should wait
     * @param check finds it, however long it takes; for any thread
     */
    public record Reading(Submission submission, boolean costly, Supplier<Optional<Judgement>> glance, Check check) {
        /** The same once it is known to keep the rules. */
        public Submission sound(Optional<Refusal> breach) {
            breach.ifPresent(refusal -> {
                throw new Failure(refusal);
            });
            return submission;
        }
    }

    /** A check that takes as long as it must, for a caller that may leave meanwhile. */
    @FunctionalInterface
    public interface Check {
        Check NONE = abandoned -> Optional.empty();

        /**
         * The rule that the transaction breaks, if any.
         *
         * @param abandoned whether the caller has left
         */
        Optional<Refusal> breach(BooleanSupplier abandoned);
    }

    /**
     * Reads one body.
     *
     * @param given the caller's key, where it is not in the body
     * @throws Failure with the reason for which it is refused
     */
    public Reading read(ChainDirectory.Known chain, Bytes body, CallerKey given, InjectStyle style) {
        JsonObjectText text = StrictJson.object(body, envelope);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        text.longNumber().ifPresent(fault -> {
            throw new Failure(Reason.PAYLOAD_INVALID, fault.toString());
        });
        if (style == InjectStyle.STRICT) {
            JsonFields.refuseUnknown(text, KNOWN);
        }
        Bytes data = text.member("data")
                .orElseThrow(() -> new Failure(Reason.PAYLOAD_MISSING, "a member named data is required"));
        if (style == InjectStyle.STRICT) {
            requireWhole(text);
        }
        return text.member("salt").isPresent()
                ? complete(chain, text, data, given)
                : simple(chain, text, data, given, style);
    }

    /** A member that would be passed over says something that its sender believes and nobody keeps. */
    private static void requireWhole(JsonObjectText text) {
        Optional<String> one =
                COMPLETE.stream().filter(name -> text.member(name).isPresent()).findFirst();
        if (one.isEmpty()) {
            return;
        }
        for (String needed : NEEDED) {
            if (text.member(needed).isEmpty()) {
                throw new Failure(
                        Reason.REQUEST_INVALID,
                        "the member " + one.get() + " belongs to a complete, signed transaction, which also has "
                                + needed);
            }
        }
    }

    private Reading simple(
            ChainDirectory.Known chain, JsonObjectText text, Bytes data, CallerKey given, InjectStyle style) {
        Optional<Bytes> key = given.read(text);
        Bytes random = saltSource.next();
        Bytes salt = random.slice(0, Transaction.SALT_BYTES);
        Bytes chosen = key.orElseGet(() -> style == InjectStyle.ECHO
                ? joined(ECHO, hashed(data))
                : joined(NODE_MADE, random.slice(Transaction.SALT_BYTES, RANDOM_KEY_BYTES)));
        Bytes type = JsonFields.type(text);
        int schema = text.member("schema").isPresent()
                ? JsonFields.schema(text)
                : chain.spec().rulesVersion();
        Body body = new Body(
                Canonical.VERSION,
                chain.id(),
                clock.millis(),
                chosen,
                Bytes.EMPTY,
                type,
                schema,
                Canonical.commitment(salt, data),
                data.size());
        Transaction transaction = Transaction.of(body, salt, Bytes.EMPTY, data);
        if (transaction.encoded().size() > chain.spec().limits().transactionBytesMax()) {
            throw new Failure(
                    Reason.TRANSACTION_TOO_LARGE,
                    "the chain takes up to " + chain.spec().limits().transactionBytesMax() + " bytes");
        }
        Submission submission = new Submission(transaction, true);
        return chain.spec().rulesVersion() == 0 || EngineOperation.isOrder(type)
                ? new Reading(submission, false, () -> SOUND, Check.NONE)
                : ruled(submission, chain, body, data);
    }

    private Reading complete(ChainDirectory.Known chain, JsonObjectText text, Bytes data, CallerKey given) {
        if (given.header().isPresent()) {
            throw new Failure(Reason.KEY_INVALID, "a complete transaction has its key in its body");
        }
        Transaction transaction = JsonFields.transaction(text, chain.id(), data);
        given.requireOwn(transaction);
        TransactionRules whole = rules.of(chain).whole();
        boolean brief = chain.spec().rulesVersion() == 0 && data.size() <= INLINE_BYTES;
        return new Reading(
                new Submission(transaction),
                true,
                () -> brief ? Optional.of(new Judgement(whole.check(transaction))) : Optional.empty(),
                abandoned -> whole.check(transaction, abandoned));
    }

    /** What the reader made itself is as it must be; only the data and what is said of it may break a rule. */
    private Reading ruled(Submission submission, ChainDirectory.Known chain, Body body, Bytes data) {
        int version = chain.spec().rulesVersion();
        if (body.schema() != version) {
            throw new Failure(Reason.SCHEMA_VERSION, "version " + body.schema() + ", the chain's is " + version);
        }
        DataRules demanded = rules.of(chain).data();
        String type = body.type().text();
        return new Reading(
                submission,
                true,
                () -> demanded.glance(type, data),
                abandoned -> demanded.breach(type, data, abandoned));
    }

    /** 32 bytes that nobody guesses. */
    public Bytes random() {
        return saltSource.next();
    }

    private static Bytes hashed(Bytes data) {
        return Bytes.wrap(Sha256.of(data.array(), data.offset(), data.size()).bytes());
    }

    private static Bytes joined(Bytes first, Bytes second) {
        byte[] all = new byte[first.size() + second.size()];
        System.arraycopy(first.array(), first.offset(), all, 0, first.size());
        System.arraycopy(second.array(), second.offset(), all, first.size(), second.size());
        return Bytes.wrap(all);
    }
}
