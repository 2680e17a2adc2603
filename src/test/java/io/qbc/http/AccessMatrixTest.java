package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Operation;
import io.qbc.access.OperationTable;
import io.qbc.access.Role;
import io.qbc.api.access.ApiDocument;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.PublicAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every role at every operation, by REST and over the event bus, against a table that was written by hand. */
class AccessMatrixTest {
    /** Method, path, who may, and for what the role must hold. */
    private static final List<String> EXPECTED = List.of(
            "POST /v1/chains/{chain}/transactions writer chain",
            "GET /v1/chains/{chain}/transactions reader chain",
            "GET /v1/chains/{chain}/transactions/{id} reader chain",
            "GET /v1/chains reader listed",
            "POST /v1/chains admin node",
            "GET /v1/chains/{chain} reader chain",
            "DELETE /v1/chains/{chain} admin chain",
            "POST /v1/chains/{chain}/operations admin chain",
            "POST /v1/chains/{chain}/leaps sealer chain",
            "POST /v1/chains/{chain}/forks admin node",
            "POST /v1/chains/{chain}/freeze admin chain",
            "POST /v1/chains/{chain}/unfreeze admin chain",
            "GET /v1/chains/{chain}/diff reader pair",
            "GET /v1/chains/{chain}/analytics reader chain",
            "GET /v1/chains/{chain}/consensus reader chain",
            "PUT /v1/chains/{chain}/following admin node",
            "DELETE /v1/chains/{chain}/following admin node",
            "GET /v1/following reader node",
            "GET /v1/chains/{chain}/quants reader chain",
            "GET /v1/chains/{chain}/quants/{quant} reader chain",
            "GET /v1/chains/{chain}/events reader chain",
            "GET /v1/chains/{chain}/subscriptions reader chain",
            "PUT /v1/chains/{chain}/subscriptions/{name} writer chain",
            "GET /v1/chains/{chain}/subscriptions/{name} reader chain",
            "DELETE /v1/chains/{chain}/subscriptions/{name} writer chain",
            "GET /v1/chains/{chain}/subscriptions/{name}/status reader chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/pause writer chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/resume writer chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/seek writer chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/replay writer chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/secret writer chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/fetch reader chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/commit reader chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/release reader chain",
            "GET /v1/chains/{chain}/subscriptions/{name}/events reader chain",
            "GET /v1/chains/{chain}/subscriptions/{name}/socket reader chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/ack reader chain",
            "GET /v1/chains/{chain}/subscriptions/{name}/dead reader chain",
            "POST /v1/chains/{chain}/subscriptions/{name}/dead/{number}/retry writer chain",
            "GET /v1/peers reader node",
            "POST /v1/peers admin node",
            "GET /v1/peers/bans reader node",
            "POST /v1/peers/bans admin node",
            "DELETE /v1/peers/bans/{peer} admin node",
            "POST /v1/peer/{verb} peers node",
            "GET /v1/backup admin node",
            "POST /v1/backup admin node",
            "GET /v1/node reader node",
            "GET /v1/node/sbom admin node",
            "GET /v1/access admin node",
            "POST /v1/access admin node",
            "DELETE /v1/access/{id} admin node",
            "GET /v1/access/self whoever node",
            "GET /v1/audit auditor node",
            "GET /v1/projections reader listed",
            "GET /v1/projections/{projection} reader listed",
            "PUT /v1/projections/{projection} admin node",
            "DELETE /v1/projections/{projection} admin node",
            "POST /v1/projections/{projection}/rebuild admin node",
            "POST /v1/projections/{projection}/pause admin node",
            "POST /v1/projections/{projection}/resume admin node",
            "POST /v1/projections/{projection}/dead/retry admin node",
            "POST /v1/projections/{projection}/verify auditor listed",
            "POST /v1/projections/{projection}/verify/cancel auditor listed",
            "GET /v1/projections/{projection}/dead reader listed",
            "POST /v1/projections/{projection}/query reader listed",
            "GET /v1/projections/{projection}/tables/{table}/rows reader listed",
            "GET /v1/projections/{projection}/tables/{table}/rows/{key} reader listed",
            "GET /v1/projections/{projection}/tables/{table}/rows/{key}/history reader listed",
            "GET /health/live anyone node",
            "GET /health/ready anyone node",
            "GET /metrics reader node",
            "GET /openapi.json anyone node",
            "POST /inject writer root",
            "PUT /inject writer root",
            "GET /leap sealer root",
            "GET /json-chain reader root",
            "GET /chain reader root",
            "GET /stats reader root",
            "GET /discover reader node",
            "POST /discover admin node",
            "POST /add-block sealer root");

    /** What readers send: a query, and what moves their own place in a chain. */
    private static final Set<String> READS_BY_POST =
            Set.of("queryProjection", "fetchEvents", "commitEvents", "releaseEvents", "acknowledgeEvents");

    private static final OperationTable TABLE = OperationTable.read(ApiDocument.BYTES);
    private static final Map<String, String> KEYS = new LinkedHashMap<>();
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() throws IOException {
        NodeConfig.Access required = new NodeConfig.Access(
                AccessMode.REQUIRED,
                false,
                0,
                1,
                0,
                1,
                List.of(),
                true,
                AuditInjects.COUNTED,
                Duration.ofHours(1),
                100);
        httpFixture = new HttpFixture(base -> Samples.with(base, required));
        KEYS.put("", "");
        for (Role role : Role.values()) {
            for (String where :
                    List.of("", "@main", "@" + httpFixture.node.spec.id().hex(), "@other")) {
                Grant grant = Grant.parse(role.word() + where).orElseThrow();
                ApiKey.Request request = new ApiKey.Request(role.word(), List.of(grant), OptionalLong.empty());
                KEYS.put(
                        grant.text(),
                        "Bearer " + httpFixture.access.keys().add(request).text());
            }
        }
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    /** What a caller with one grant is answered: the status of the refusal, or 0 if it is served. */
    private static int expected(String grant, String who, String reach) {
        if (who.equals("anyone") || who.equals("whoever") || who.equals("peers")) {
            return 0;
        }
        if (grant.isEmpty()) {
            return 401;
        }
        String[] parts = grant.split("@", -1);
        String has = parts[0];
        boolean includes = has.equals(who) || has.equals("admin") || (has.equals("auditor") && who.equals("reader"));
        if (parts.length == 1) {
            return includes ? 0 : 403;
        }
        if (reach.equals("node")) {
            return 403;
        }
        if (reach.equals("listed")) {
            return includes ? 0 : 403;
        }
        return parts[1].equals("other") ? 404 : includes ? 0 : 403;
    }

    private static int refused(int status, JsonObject problem) {
        return Set.of("credential_required", "role_missing", "chain_unknown").contains(problem.getString("code", ""))
                ? status
                : 0;
    }

    private static String who(Operation operation) {
        return operation.audience() == Operation.Audience.CALLERS
                ? operation.role().word()
                : operation.audience().name().toLowerCase(Locale.ROOT);
    }

    @Test
    void theTableIsThatOfTheDocument() {
        Map<String, String> described = new TreeMap<>();
        TABLE.routes().forEach((route, operation) -> {
            described.put(route, who(operation) + " " + operation.reach().name().toLowerCase(Locale.ROOT));
        });
        Map<String, String> expected = new TreeMap<>();
        for (String line : EXPECTED) {
            String[] words = line.split(" ", -1);
            expected.put(words[0] + " " + words[1], words[2] + " " + words[3]);
        }
        assertThat(described).isEqualTo(expected);
    }

    /** A role that is missing in the document would else go unseen, as what has none is for admins. */
    @Test
    void everyOperationSaysWhoMayDoIt() {
        JsonObject document = new JsonObject(ApiDocument.BYTES.text());
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
                String role = operation.getString("x-qbc-role", "");
                boolean free = role.equals("anyone") || role.equals("peers");
                assertThat(free || role.equals("whoever") || Role.of(role).isPresent())
                        .as(method + path)
                        .isTrue();
                assertThat(operation.getString("x-qbc-reach")).as(method + path).isNotNull();
                assertThat(operation.getJsonArray("security"))
                        .as(method + path)
                        .isEqualTo(
                                free
                                        ? new JsonArray()
                                        : new JsonArray().add(new JsonObject().put("key", new JsonArray())));
                assertThat(path.startsWith("/v1/peer/")).isEqualTo(role.equals("peers"));
            }
        }
    }

    /** What changes something is in the audit trail, whoever adds an operation. */
    @Test
    void everyOperationThatIsMoreThanAReadLeavesATrail() {
        TABLE.routes().forEach((route, operation) -> {
            boolean injects = operation.role() == Role.WRITER && !route.contains("/subscriptions");
            boolean reads = route.startsWith("GET ") || READS_BY_POST.contains(operation.id());
            boolean changes = operation.role() == Role.SEALER || !reads;
            boolean free = operation.audience() != Operation.Audience.CALLERS;
            assertThat(operation.trail())
                    .as(route)
                    .isEqualTo(
                            free
                                    ? Operation.Trail.NONE
                                    : injects
                                            ? Operation.Trail.INJECT
                                            : changes ? Operation.Trail.CHANGE : Operation.Trail.NONE);
        });
    }

    @Test
    void everyRoleAtEveryRoute() {
        List<String> wrong = new ArrayList<>();
        for (String line : EXPECTED) {
            String[] words = line.split(" ", -1);
            KEYS.forEach((grant, authorization) -> {
                HttpResponse<String> answer = send(words[0], words[1], authorization);
                JsonObject problem =
                        answer.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")
                                ? HttpFixture.json(answer)
                                : new JsonObject();
                int expected = expected(grant, words[2], words[3]);
                if (refused(answer.statusCode(), problem) != expected) {
                    wrong.add(line + " with '" + grant + "': " + answer.statusCode() + " instead of " + expected);
                }
                if (expected == 403) {
                    assertThat(problem.getString("detail")).contains("the role " + words[2] + " for ");
                }
            });
        }
        assertThat(wrong).isEmpty();
    }

    private static HttpResponse<String> send(String method, String template, String authorization) {
        String path = template.replace("{chain}", "main")
                .replace("{id}", "00")
                .replace("{quant}", "0")
                .replace("{verb}", "hello")
                .replace("{peer}", "203.0.113.7")
                .replace("{projection}", "shop")
                .replace("{table}", "line")
                .replace("{key}", "7")
                .replace("{name}", "orders")
                .replace("{number}", "0");
        // A stream that would not end, and a chain to compare with.
        String query = template.endsWith("/events") ? "?lastEventId=x" : template.endsWith("/diff") ? "?with=main" : "";
        var request = httpFixture.request(path + query).method(method, BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.setHeader("Authorization", authorization);
        }
        return httpFixture.send(request);
    }

    @Test
    void everyRoleAtEveryAddress() {
        List<String> wrong = new ArrayList<>();
        TABLE.addresses()
                .forEach((address, operation) -> KEYS.forEach((grant, authorization) -> {
                    int expected = expected(
                            grant, who(operation), operation.reach().name().toLowerCase(Locale.ROOT));
                    int status = ask(address, authorization);
                    if (status != expected) {
                        wrong.add(address + " with '" + grant + "': " + status + " instead of " + expected);
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    private static int ask(String address, String authorization) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(Patience.CONDITION.toMillis())
                .addHeader("x", "y");
        if (!authorization.isEmpty()) {
            options.addHeader("authorization", authorization);
        }
        JsonObject body =
                new JsonObject().put("chain", "main").put("with", "main").put("id", "00");
        return HttpFixture.wait(httpFixture
                .vertx
                .eventBus()
                .request(address, body, options)
                .map(served -> 0)
                .recover(cause -> {
                    ReplyException failure = (ReplyException) cause;
                    return Future.succeededFuture(refused(failure.failureCode(), new JsonObject(failure.getMessage())));
                }));
    }

    @Test
    void everyAddressIsAnOperationOfTheDocument() throws IllegalAccessException {
        Set<String> addresses = new TreeSet<>();
        for (Field field : Arrays.asList(PublicAddresses.class.getDeclaredFields())) {
            if (Modifier.isPublic(field.getModifiers())) {
                addresses.add(String.valueOf(field.get(null)));
            }
        }
        addresses.remove(PublicAddresses.EVENTS);
        assertThat(TABLE.addresses().keySet()).isEqualTo(addresses);
    }
}
