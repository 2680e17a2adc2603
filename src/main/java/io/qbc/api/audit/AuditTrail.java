package io.qbc.api.audit;

import io.qbc.access.KeyChange;
import io.qbc.access.Operation.Trail;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Audit;
import io.qbc.bus.Catalogue.AuditEntry;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Failure;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit trail of a running node, shared by all instances of REST and the event bus. What changes something is
 * written before it is done, or is not done; its outcome is written before it is answered, or as soon as it can be.
 * What comes too often for that is counted.
 */
public final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final String TYPE = "audit.";
    private static final int KEY_BYTES = 16;
    private static final int BACKLOG_MAX = 10_000;
    private static final int TOGETHER_MAX = 500;

    private final NodeConfig.Access config;
    private final InstantSource clock;
    private final AuditCounts injects;
    private final AuditCounts refusals;
    private final AuditBacklog backlog = new AuditBacklog(BACKLOG_MAX);
    private final SecureRandom random = new SecureRandom();
    private final Map<String, LongAdder> written = new ConcurrentSkipListMap<>();
    private final LongAdder refused = new LongAdder();
    private volatile Optional<Bus> bus = Optional.empty();
    private volatile boolean complained;

    public AuditTrail(NodeConfig.Access config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.injects = new AuditCounts(config.auditCounts(), clock.millis());
        this.refusals = new AuditCounts(config.auditCounts(), clock.millis());
        AuditForm.EVENTS.forEach(event -> written.put(event, new LongAdder()));
    }

    /** What was written before something was done, for its outcome. */
    public record Begun(Act act, Bytes key) {}

    /** Whether there is one; otherwise nothing is ever written or refused. */
    public boolean isOn() {
        return config.audit();
    }

    void open(Bus to) {
        bus = Optional.of(to);
    }

    /** Writes what is about to be done; fails as {@code AUDIT_UNAVAILABLE}, and then it must not be done. */
    public Future<Begun> begin(Act act) {
        Begun begun = new Begun(act, random(KEY_BYTES));
        AuditEntry entry = entry(AuditForm.BEGUN, begun.key(), AuditForm.begun(clock.millis(), act));
        return write(List.of(entry)).map(begun).recover(cause -> {
            refused.increment();
            Refusal refusal = unavailable(cause);
            refuse(act, refusal);
            return Future.failedFuture(new Failure(refusal));
        });
    }

    /** Writes how it ended. Never fails: what cannot be written now is written later, and refused meanwhile is new. */
    public Future<Void> end(Begun begun, Outcome outcome) {
        byte[] key = new byte[KEY_BYTES + 1];
        System.arraycopy(begun.key().toArray(), 0, key, 0, KEY_BYTES);
        Bytes payload = AuditForm.ended(
                clock.millis(), begun.act(), outcome, begun.key().hex());
        return settle(List.of(entry(AuditForm.ENDED, Bytes.wrap(key), payload)));
    }

    /** Why an inject must not be taken in at present; only where each is to be written. */
    public Optional<Refusal> injectRefusal() {
        return config.audit() && config.auditInjects() == AuditInjects.EACH && backlog.size() > 0
                ? Optional.of(Reason.AUDIT_UNAVAILABLE.refusal("the audit trail takes nothing at present"))
                : Optional.empty();
    }

    /** Counts or writes what became of an inject. Never fails. */
    public Future<Void> injected(Act act, Outcome outcome) {
        return switch (config.auditInjects()) {
            case NONE -> Future.succeededFuture();
            case COUNTED -> {
                injects.add(key(act, act.target(), outcome.code()), outcome.count());
                yield Future.succeededFuture();
            }
            case EACH -> {
                Bytes payload = AuditForm.ended(clock.millis(), act, outcome, "");
                yield settle(List.of(entry(AuditForm.ENDED, random(KEY_BYTES), payload)));
            }
        };
    }

    /** Counts what was refused before it was done. What it named is left out, as callers may make up names. */
    public void refuse(Act act, Refusal refusal) {
        if (config.audit()) {
            refusals.add(key(act, "", refusal.reason().code()), 1);
        }
    }

    private static AuditCounts.Key key(Act act, String target, String code) {
        return new AuditCounts.Key(
                act.caller().id(),
                act.caller().name(),
                act.address(),
                act.by(),
                act.operation().id(),
                target,
                code);
    }

    /** Does something with what the trail has of it around it. */
    public <T> Future<T> around(Act act, Supplier<Future<T>> work, Function<AsyncResult<T>, Outcome> outcome) {
        Trail trail = act.operation().trail();
        if (!config.audit() || trail == Trail.NONE) {
            return work.get();
        }
        if (trail == Trail.INJECT) {
            return injectRefusal()
                    .map(refusal -> Future.<T>failedFuture(new Failure(refusal)))
                    .orElseGet(() -> told(work, result -> injected(act, outcome.apply(result))));
        }
        return begin(act).compose(begun -> told(work, result -> end(begun, outcome.apply(result))));
    }

    private static <T> Future<T> told(Supplier<Future<T>> work, Function<AsyncResult<T>, Future<Void>> teller) {
        Future<T> done;
        try {
            done = work.get();
        } catch (RuntimeException e) {
            done = Future.failedFuture(e);
        }
        return done.transform(result -> teller.apply(result)
                .transform(told -> result.succeeded()
                        ? Future.succeededFuture(result.result())
                        : Future.failedFuture(result.cause())));
    }

    /** Writes changes of the API keys; fails if that is not possible now. */
    public Future<Void> keys(List<KeyChange> changes) {
        List<AuditEntry> entries = changes.stream()
                .map(change -> entry(AuditForm.KEYS, random(KEY_BYTES), AuditForm.changed(clock.millis(), change)))
                .toList();
        return write(entries);
    }

    /** Writes that a subscription stopped by itself. Never fails. */
    Future<Void> disabled(SubscriptionDisabled disabled) {
        Bytes payload = AuditForm.disabled(clock.millis(), disabled);
        return settle(List.of(entry(AuditForm.DISABLED, random(KEY_BYTES), payload)));
    }

    Future<Void> started() {
        return settle(List.of(lifecycle(AuditForm.STARTED)));
    }

    /** Writes what was counted, and that the node stops. */
    Future<Void> stopped() {
        List<AuditEntry> entries = new ArrayList<>(counted());
        entries.add(lifecycle(AuditForm.STOPPED));
        return settle(entries);
    }

    private AuditEntry lifecycle(String event) {
        Bytes payload = AuditForm.lifecycle(
                event,
                clock.millis(),
                config.mode().word(),
                config.auditInjects().word());
        return entry(event, random(KEY_BYTES), payload);
    }

    /** Writes what was counted; while older entries wait, counting goes on instead. */
    Future<Void> flush() {
        return backlog.size() > 0 ? Future.succeededFuture() : settle(counted());
    }

    private List<AuditEntry> counted() {
        long now = clock.millis();
        List<AuditEntry> entries = new ArrayList<>();
        for (AuditCounts counts : List.of(injects, refusals)) {
            AuditCounts.Taken taken = counts.take(now);
            taken.counted()
                    .forEach(counted -> entries.add(entry(
                            AuditForm.COUNTED, random(KEY_BYTES), AuditForm.counted(now, taken.from(), counted))));
        }
        return entries;
    }

    /** Tries again what could not be written. */
    Future<Void> retry() {
        List<AuditEntry> first = backlog.first(TOGETHER_MAX);
        return first.isEmpty()
                ? Future.succeededFuture()
                : write(first).onSuccess(done -> backlog.written(first)).otherwiseEmpty();
    }

    /** Entries that wait until they can be written. */
    public int waiting() {
        return backlog.size();
    }

    /** Entries that were given up. */
    public long lost() {
        return backlog.lost();
    }

    /** How often something was not done since it could not be written. */
    public long refused() {
        return refused.sum();
    }

    /** Entries that were written, by what they tell of. */
    public Map<String, LongAdder> written() {
        return written;
    }

    private Future<Void> settle(List<AuditEntry> entries) {
        return write(entries).recover(cause -> {
            backlog.add(entries);
            return Future.succeededFuture();
        });
    }

    /** Complete once all of them are durable. */
    private Future<Void> write(List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> done = bus.map(to -> to.ask(Catalogue.AUDIT, new Audit(entries))
                        .<Void>map(injected -> {
                            injected.admissions().forEach(AuditTrail::require);
                            return null;
                        }))
                .orElseGet(() -> Future.failedFuture(new Failure(Reason.STOPPING, "the node is starting")));
        return done.onSuccess(durable -> {
                    entries.forEach(entry -> count(entry.type().text()));
                    complained = false;
                })
                .onFailure(this::complain);
    }

    private static void require(Admission admission) {
        if (admission instanceof Declined declined) {
            throw new Failure(declined.refusal());
        }
    }

    private void count(String type) {
        Optional.ofNullable(written.get(type.substring(TYPE.length()))).ifPresent(LongAdder::increment);
    }

    private void complain(Throwable cause) {
        if (!complained) {
            complained = true;
            LOG.error(
                    "the audit trail cannot be written, and what changes something is refused: {}",
                    Failure.of(cause).detail());
        }
    }

    private static Refusal unavailable(Throwable cause) {
        Refusal why = Failure.of(cause);
        return Reason.AUDIT_UNAVAILABLE.refusal(
                "nothing is changed that cannot be recorded, and the audit trail takes nothing at present: "
                        + why.detail());
    }

    private AuditEntry entry(String event, Bytes key, Bytes payload) {
        return new AuditEntry(Bytes.utf8(TYPE + event), payload, key, random(Transaction.SALT_BYTES));
    }

    private Bytes random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
