package io.qbc.api.verbs;

import io.qbc.access.Caller;
import io.qbc.access.ScopedKey;
import io.qbc.api.Answer;
import io.qbc.api.CallerKey;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainView;
import io.qbc.api.Finder;
import io.qbc.api.InjectStyle;
import io.qbc.api.Injector;
import io.qbc.api.RuleCache;
import io.qbc.api.TransactionReader;
import io.qbc.api.WaitTime;
import io.qbc.api.Waiters;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.bus.Failure;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The verbs about transactions. */
public final class TransactionVerbs {
    private static final String PENDING = ",\"state\":\"pending\"}";
    private static final String LEGACY = "{\"message\":\"Transaction submission successful\",\"id\":";

    private final ChainDirectory chains;
    private final TransactionReader reader;
    private final RuleCache rules;
    private final Injector injector;
    private final Finder finder;
    private final Waiters waiters;

    /**
     * What a caller asks for beside the body.
     *
     * @param key the caller's, where it is not in the body
     * @param caller makes a signal for any thread that tells whether the caller has left
     * @param trace the span of the request
     */
    public record InjectOptions(
            InjectStyle style,
            CallerKey key,
            Optional<WaitTime> waitTime,
            Supplier<BooleanSupplier> caller,
            TraceSpan trace) {
        /** For a caller that cannot be seen leaving. */
        public InjectOptions(InjectStyle style, CallerKey key, Optional<WaitTime> waitTime, TraceSpan trace) {
            this(style, key, waitTime, () -> () -> false, trace);
        }
    }

    /**
     * What became of a transaction, as far as it is known when the answer is due.
     *
     * @param repeated whether it was taken in before
     */
    record Outcome(ChainDirectory.Known chain, Hash id, boolean repeated, Optional<Located> located) {
        Outcome at(Located place) {
            return new Outcome(chain, id, repeated, Optional.of(place));
        }
    }

    TransactionVerbs(
            ChainDirectory chains,
            TransactionReader reader,
            RuleCache rules,
            Injector injector,
            Finder finder,
            Waiters waiters) {
        this.chains = chains;
        this.reader = reader;
        this.rules = rules;
        this.injector = injector;
        this.finder = finder;
        this.waiters = waiters;
    }

    /** Takes a transaction in and answers when it is durable, or in a quant if that is wished. */
    public Future<Answer> inject(String chain, Bytes body, InjectOptions options) {
        return admit(chains.find(chain), body, options).map(outcome -> submitted(chain, outcome));
    }

    /** The same for the routes at the root, whose answer says more and is 200. */
    public Future<Answer> legacy(Optional<String> chain, Bytes body, InjectOptions options) {
        return admit(chains.root(chain), body, options).map(outcome -> {
            JsonBuffer out = new JsonBuffer(320).raw(LEGACY).hex(outcome.id());
            rest(out, outcome);
            return Answer.json(200, out);
        });
    }

    /**
     * Where a transaction is, and all of it; at once, or when it is in a quant, or superseded, or the time is over. A
     * caller with a scope is told what its own key was.
     */
    public Future<Answer> find(Caller caller, String chain, String id, Optional<WaitTime> wait) {
        Hash hash = Hash.parse(id)
                .orElseThrow(() -> new Failure(Reason.TRANSACTION_UNKNOWN, "an id has 64 hexadecimal digits"));
        return chains.see(chain)
                .compose(seen -> wait.filter(time -> seen.top().isEmpty())
                        .map(time -> waiters.await(seen.id(), hash, OptionalLong.empty(), time))
                        .orElseGet(() -> finder.find(seen.id(), hash))
                        .map(located -> found(seen, hash, located, caller.scope())));
    }

    /** What is refused before it comes to the injector is counted here, and all else there. */
    private Future<Outcome> admit(Future<ChainDirectory.Known> chain, Bytes body, InjectOptions options) {
        return chain.onFailure(injector::refused)
                .compose(known -> sound(known, body, options)
                        .onFailure(injector::refused)
                        .compose(submission -> inject(known, submission, options)));
    }

    private Future<Submission> sound(ChainDirectory.Known chain, Bytes body, InjectOptions options) {
        TransactionReader.Reading reading;
        try {
            reading = reader.read(chain, body, options.key(), options.style());
            Optional<DataRules.Judgement> glance = reading.glance().get();
            if (glance.isPresent()) {
                return Future.succeededFuture(reading.sound(glance.get().breach()));
            }
        } catch (Failure failure) {
            return Future.failedFuture(failure);
        }
        BooleanSupplier left = options.caller().get();
        return rules.apart(chain.id(), left, () -> reading.check().breach(left)).map(reading::sound);
    }

    private Future<Outcome> inject(ChainDirectory.Known chain, Submission submission, InjectOptions options) {
        Origin origin = options.style() == InjectStyle.ECHO ? Origin.QUIET : Origin.CLIENT;
        return injector.inject(chain.id(), traced(chain, submission, options.trace()), origin)
                .compose(admission -> outcome(chain, admission, options.waitTime()));
    }

    private static Submission traced(ChainDirectory.Known chain, Submission submission, TraceSpan trace) {
        if (!trace.isRecording()) {
            return submission;
        }
        trace.set(TraceNames.CHAIN, chain.id().hex())
                .set(TraceNames.TRANSACTION, submission.transaction().id().hex());
        return submission.in(trace.context());
    }

    /** The answer to whoever had a transaction taken in by other means than {@link #inject}. */
    Future<Answer> answer(String name, ChainDirectory.Known chain, Admission admission, Optional<WaitTime> wait) {
        return outcome(chain, admission, wait).map(outcome -> submitted(name, outcome));
    }

    private Future<Outcome> outcome(ChainDirectory.Known chain, Admission admission, Optional<WaitTime> wait) {
        if (admission instanceof Declined declined) {
            return Future.failedFuture(new Failure(declined.refusal()));
        }
        if (admission instanceof Accepted accepted) {
            Outcome waiting = new Outcome(chain, accepted.id(), false, Optional.empty());
            return wait.isEmpty()
                    ? Future.succeededFuture(waiting)
                    : await(waiting, OptionalLong.of(accepted.sequence()), wait.get());
        }
        Outcome known = new Outcome(chain, ((Repeated) admission).id(), true, Optional.empty());
        return wait.isPresent() ? await(known, OptionalLong.empty(), wait.get()) : locate(known);
    }

    private Future<Outcome> await(Outcome outcome, OptionalLong sequence, WaitTime time) {
        return waiters.await(outcome.chain().id(), outcome.id(), sequence, time).map(outcome::at);
    }

    private Future<Outcome> locate(Outcome outcome) {
        return finder.find(outcome.chain().id(), outcome.id()).map(outcome::at);
    }

    /** 201 with a place that was waited for, 200 with one that it had already or got after an earlier try, else 202. */
    private static Answer submitted(String chain, Outcome outcome) {
        JsonBuffer out = new JsonBuffer(256).raw("{\"id\":").hex(outcome.id());
        rest(out, outcome);
        boolean inQuant = outcome.located().filter(Committed.class::isInstance).isPresent();
        String location =
                "/v1/chains/" + chain + "/transactions/" + outcome.id().hex();
        int status = inQuant ? (outcome.repeated() ? 200 : 201) : 202;
        return Answer.json(status, out, Map.of("Location", location));
    }

    /** What follows the id: chain, state, and the place if there is one. */
    private static void rest(JsonBuffer out, Outcome outcome) {
        out.raw(",\"chain\":").hex(outcome.chain().id());
        if (outcome.located().isEmpty()) {
            out.raw(PENDING);
        } else {
            place(out, outcome.located().get(), true);
            out.raw("}");
        }
    }

    private static Answer found(ChainView chain, Hash id, Located located, String scope) {
        boolean later = !(located instanceof Committed in && in.height() <= chain.last());
        if (chain.top().isPresent() && later) {
            throw new Failure(
                    Reason.TRANSACTION_UNKNOWN, "the chain as of height " + chain.last() + " does not have it");
        }
        if (located instanceof Absent) {
            throw new Failure(Reason.TRANSACTION_UNKNOWN, "nothing here has the id " + id);
        }
        JsonBuffer out = new JsonBuffer(640 + transaction(located).encoded().size());
        write(out, chain.id(), located, scope);
        return Answer.json(200, out);
    }

    /** The transaction that was found. */
    static Transaction transaction(Located located) {
        if (located instanceof Committed committed) {
            return committed.transaction();
        }
        return located instanceof Superseded superseded ? superseded.transaction() : ((Pending) located).transaction();
    }

    /** Writes a transaction and where it is; a caller with a scope is told what its own key was. */
    static void write(JsonBuffer out, Hash chain, Located located, String scope) {
        Transaction transaction = transaction(located);
        out.raw("{\"chain\":").hex(chain);
        place(out, located, false);
        if (!scope.isEmpty() && transaction.body().author().isEmpty()) {
            ScopedKey.own(scope, transaction.body().key())
                    .ifPresent(key -> out.raw(",\"clientKey\":").text(key.text()));
        }
        out.raw(",");
        OptionalLong index =
                located instanceof Committed committed ? OptionalLong.of(committed.index()) : OptionalLong.empty();
        JsonForms.transaction(out, transaction, index);
        out.raw("}");
    }

    /** The word for where a transaction is. */
    public static String state(Located located) {
        if (located instanceof Committed) {
            return "committed";
        }
        if (located instanceof Superseded superseded) {
            return superseded.same() ? "superseded" : "conflict";
        }
        return "pending";
    }

    private static void place(JsonBuffer out, Located located, boolean withIndex) {
        out.raw(",\"state\":\"").raw(state(located)).raw("\"");
        if (located instanceof Committed committed) {
            out.raw(",\"height\":").number(committed.height());
            if (withIndex) {
                out.raw(",\"index\":").number(committed.index());
            }
            out.raw(",\"quant\":").hex(committed.quant());
        } else if (located instanceof Superseded superseded) {
            out.raw(",\"standing\":").hex(superseded.standing());
        }
    }
}
