package io.qbc.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.access.Operation.Reach;
import io.qbc.access.Operation.Trail;
import io.qbc.access.Role;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Audit;
import io.qbc.bus.Catalogue.AuditEntry;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Failure;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The audit trail on a bus whose mining stage is a fake that can fail. */
class AuditTrailTest {
    private static final Operation REMOVE =
            new Operation("removeChain", Audience.CALLERS, Role.ADMIN, Reach.CHAIN, Trail.CHANGE);
    private static final Operation INJECT =
            new Operation("inject", Audience.CALLERS, Role.WRITER, Reach.CHAIN, Trail.INJECT);

    private final Vertx vertx = Vertx.vertx();
    private final Map<Bytes, JsonObject> written = new LinkedHashMap<>();
    private volatile boolean full;
    private AuditTrail trail;

    @AfterEach
    void end() throws Exception {
        Patience.outcome(vertx.close());
    }

    private void begin(AuditInjects injects, Duration interval) throws Exception {
        Bus.install(vertx);
        Bus bus = new Bus(vertx, Patience.ANSWER);
        Patience.outcome(bus.serve(Catalogue.AUDIT, ask -> Future.succeededFuture(take(ask))));
        Patience.outcome(bus.serve(Catalogue.FIND_CHAINS, ask -> Future.succeededFuture(new Chains(List.of()))));
        NodeConfig.Access config =
                new NodeConfig.Access(AccessMode.REQUIRED, false, 0, 1, 0, 1, List.of(), true, injects, interval, 10);
        trail = new AuditTrail(config, InstantSource.fixed(Instant.ofEpochMilli(7)));
        Patience.outcome(vertx.deployVerticle(new AuditVerticle(config, trail)));
    }

    private synchronized Injected take(Audit ask) {
        if (full) {
            throw new Failure(Reason.STORE_FULL, "no room");
        }
        List<Admission> admissions = new ArrayList<>();
        for (AuditEntry entry : ask.entries()) {
            boolean fresh = written.putIfAbsent(
                            entry.key(), new JsonObject(entry.payload().text()))
                    == null;
            admissions.add(fresh ? new Accepted(Hash.ZERO, 1) : new Repeated(Hash.ZERO));
        }
        return new Injected(admissions);
    }

    private synchronized List<JsonObject> told() {
        return List.copyOf(written.values());
    }

    private List<String> events() {
        return told().stream().map(entry -> entry.getString("event")).toList();
    }

    private static Act act(Operation operation) {
        Act.Origin origin = new Act.Origin("rest", Caller.LOCAL, "10.0.0.7");
        return Act.of(operation, origin, List.of("orders"), "orders", (one, other) -> false);
    }

    @Test
    void aChangeIsWrittenBeforeItIsDoneAndAfterwards() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        List<String> during = new ArrayList<>();
        String answer = Patience.outcome(trail.around(
                act(REMOVE),
                () -> {
                    during.addAll(events());
                    return Future.succeededFuture("done");
                },
                result -> Outcome.of(200, Outcome.OK, "")));
        assertThat(answer).isEqualTo("done");
        assertThat(during).containsExactly("started", "begun");
        assertThat(events()).containsExactly("started", "begun", "ended");
        JsonObject ended = told().get(2);
        assertThat(ended)
                .isEqualTo(new JsonObject()
                        .put("event", "ended")
                        .put("time", 7)
                        .put("name", "local")
                        .put("address", "10.0.0.7")
                        .put("by", "rest")
                        .put("role", "admin")
                        .put("operation", "removeChain")
                        .put("target", "orders")
                        .put("status", 200)
                        .put("code", "ok")
                        .put("ref", ended.getString("ref")));
        assertThat(written.keySet()).anyMatch(key -> key.hex().equals(ended.getString("ref")));
    }

    @Test
    void aFailureIsWrittenToo() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        Future<String> failed = trail.around(
                act(REMOVE),
                () -> {
                    throw new Failure(Reason.CHAIN_UNKNOWN, "no such chain");
                },
                result -> Outcome.of(404, Failure.of(result.cause()).reason().code(), ""));
        await().until(failed::isComplete);
        assertThat(Failure.of(failed.cause()).reason()).isEqualTo(Reason.CHAIN_UNKNOWN);
        assertThat(told().get(2).getString("code")).isEqualTo("chain_unknown");
    }

    @Test
    void whatCannotBeWrittenIsNotDone() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        full = true;
        List<String> done = new ArrayList<>();
        Future<String> refused = trail.around(
                act(REMOVE),
                () -> {
                    done.add("done");
                    return Future.succeededFuture("done");
                },
                result -> Outcome.of(200, Outcome.OK, ""));
        await().until(refused::isComplete);
        assertThat(Failure.of(refused.cause()).reason()).isEqualTo(Reason.AUDIT_UNAVAILABLE);
        assertThat(Failure.of(refused.cause()).detail()).contains("no room");
        assertThat(done).isEmpty();
        assertThat(trail.refused()).isEqualTo(1);
        full = false;
        Patience.outcome(trail.flush());
        assertThat(told().get(1).getString("code")).isEqualTo("audit_unavailable");
    }

    @Test
    void anOutcomeThatCannotBeWrittenIsAnsweredAndWrittenOnceThereIsRoom() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        String answer = Patience.outcome(trail.around(
                act(REMOVE),
                () -> {
                    full = true;
                    return Future.succeededFuture("done");
                },
                result -> Outcome.of(200, Outcome.OK, "")));
        assertThat(answer).isEqualTo("done");
        assertThat(events()).containsExactly("started", "begun");
        assertThat(trail.waiting()).isEqualTo(1);
        full = false;
        await().until(() -> trail.waiting() == 0);
        assertThat(events()).containsExactly("started", "begun", "ended");
        Patience.outcome(trail.retry());
        assertThat(events()).hasSize(3);
    }

    @Test
    void injectsAndRefusalsAreCountedAndWrittenFromTimeToTime() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofMillis(50));
        for (int i = 0; i < 3; i++) {
            trail.around(act(INJECT), () -> Future.succeededFuture("done"), result -> Outcome.of(202, Outcome.OK, ""));
        }
        trail.refuse(act(REMOVE), Reason.ROLE_MISSING.refusal("this needs the role admin"));
        await().until(() -> events().stream().filter("counted"::equals).count() >= 2);
        long injects = told().stream()
                .filter(entry -> entry.getString("operation", "").equals("inject"))
                .mapToLong(entry -> entry.getLong("count"))
                .sum();
        assertThat(injects).isEqualTo(3);
        assertThat(told())
                .filteredOn(entry -> entry.getString("code", "").equals("role_missing"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.containsKey("target")).isFalse());
    }

    @Test
    void eachInjectMayHaveItsEntryAndIsThenRefusedWhileThatCannotBe() throws Exception {
        begin(AuditInjects.EACH, Duration.ofHours(1));
        Patience.outcome(trail.injected(act(INJECT), Outcome.of(202, Outcome.OK, "/v1/chains/orders/transactions/0")));
        assertThat(told().get(1).getString("made")).isEqualTo("/v1/chains/orders/transactions/0");
        assertThat(trail.injectRefusal()).isEmpty();
        full = true;
        Patience.outcome(trail.injected(act(INJECT), Outcome.of(202, Outcome.OK, "")));
        assertThat(trail.injectRefusal().orElseThrow().reason()).isEqualTo(Reason.AUDIT_UNAVAILABLE);
        full = false;
        await().until(() -> trail.injectRefusal().isEmpty());
        assertThat(events()).containsExactly("started", "ended", "ended");
    }

    @Test
    void atTheEndWhatWasCountedIsWritten() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        Patience.outcome(trail.injected(act(INJECT), Outcome.of(202, Outcome.OK, "")));
        for (String id : vertx.deploymentIDs()) {
            Patience.outcome(vertx.undeploy(id));
        }
        assertThat(events()).containsExactly("started", "counted", "stopped");
    }

    @Test
    void aSubscriptionThatStopsByItselfIsWritten() throws Exception {
        begin(AuditInjects.COUNTED, Duration.ofHours(1));
        new Bus(vertx, Patience.ANSWER)
                .tell(Catalogue.SUBSCRIPTION_DISABLED, new SubscriptionDisabled(Hash.ZERO, "hook", "410: it is\ngone"));
        await().until(() -> events().size() == 2);
        assertThat(told().get(1))
                .isEqualTo(new JsonObject()
                        .put("event", "disabled")
                        .put("time", 7)
                        .put("target", Hash.ZERO.hex())
                        .put("subscription", "hook")
                        .put("error", "410: it is?gone"));
    }

    @Test
    void whatCallersSendIsKeptShortAndPlain() {
        assertThat(AuditForm.clean("or\nders\u202e\ud800")).isEqualTo("or?ders??");
        assertThat(AuditForm.clean("x".repeat(10_000))).hasSize(200);
    }

    @Test
    void theBacklogIsBounded() {
        AuditBacklog backlog = new AuditBacklog(2);
        List<AuditEntry> three = List.of(entry(1), entry(2), entry(3));
        backlog.add(three);
        assertThat(backlog.first(10)).isEqualTo(three.subList(1, 3));
        assertThat(backlog.lost()).isEqualTo(1);
        backlog.written(three.subList(1, 2));
        assertThat(backlog.first(10)).isEqualTo(three.subList(2, 3));
    }

    private static AuditEntry entry(int key) {
        return new AuditEntry(Bytes.utf8("audit.ended"), Bytes.EMPTY, Bytes.utf8("" + key), Bytes.EMPTY);
    }
}
