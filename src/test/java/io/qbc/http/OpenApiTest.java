package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.http.routes.EventRoutes;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.MediaTypes;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the API document against the routes that there are and against what they really answer. */
class OpenApiTest {
    private static final String V1 = "/v1/chains/{chain}";
    private static final Set<String> CHECKED = new HashSet<>();
    private static HttpFixture httpFixture;
    private static JsonObject document;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
        document = HttpFixture.json(httpFixture.get("/openapi.json"));
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    /** Method and path template of every route. */
    private static Set<String> routes() {
        Vertx vertx = httpFixture.vertx;
        Bus bus = new Bus(vertx, Patience.ANSWER);
        Verbs verbs = Verbs.of(vertx, vertx.getOrCreateContext(), bus, httpFixture.api);
        EventRoutes events = new EventRoutes(vertx, verbs);
        // A GET's route serves HEAD too, and a path's last route refuses all other methods.
        return HttpVerticle.routes(vertx, httpFixture.api, verbs, events, new Deadlines(vertx))
                .router()
                .getRoutes()
                .stream()
                .filter(route -> route.methods() != null)
                .flatMap(route -> route.methods().stream()
                        .filter(method -> !HttpMethod.HEAD.equals(method))
                        .map(method -> method + " " + route.getName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRouteIsInTheDocumentAndTheOtherWayRound() {
        Set<String> described = new TreeSet<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                described.add(method.toUpperCase(Locale.ROOT) + " " + path);
            }
        }
        assertThat(described).isEqualTo(routes());
        assertThat(document.getString("openapi")).startsWith("3.1");
    }

    @Test
    void whoMayComeAgainIsToldWhen() {
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                JsonObject responses =
                        paths.getJsonObject(path).getJsonObject(method).getJsonObject("responses");
                for (String status : List.of("429", "503", "504", "507")) {
                    JsonObject headers = resolved(responses.getJsonObject(status, new JsonObject()))
                            .getJsonObject("headers", new JsonObject());
                    assertThat(headers.containsKey("Retry-After"))
                            .as("%s %s %s", method, path, status)
                            .isEqualTo(responses.containsKey(status));
                }
            }
        }
    }

    /** As the gate refuses: the routes for anyone ask no credential and count no request, and peers use any name. */
    @Test
    void everyOperationSaysHowItsCallerMayBeRefused() {
        Map<String, String> names =
                Map.of("401", "CredentialRequired", "403", "NotPermitted", "421", "HostRefused", "429", "RateLimited");
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
                JsonObject responses = operation.getJsonObject("responses");
                Set<String> due = switch (operation.getString("x-qbc-role")) {
                    case "peers" -> Set.of("403");
                    case "anyone" -> Set.of("403", "421");
                    default -> names.keySet();
                };
                for (String status : names.keySet()) {
                    String reference = responses
                            .getJsonObject(status, new JsonObject())
                            .getString("$ref", responses.containsKey(status) ? "of its own" : "");
                    assertThat(reference)
                            .as("%s %s %s", method, path, status)
                            .isEqualTo(due.contains(status) ? "#/components/responses/" + names.get(status) : "");
                }
            }
        }
        assertThat(headers("CredentialRequired")).containsExactly("WWW-Authenticate");
        assertThat(headers("RateLimited")).containsExactlyInAnyOrder("Retry-After", "RateLimit", "RateLimit-Policy");
    }

    private static Set<String> headers(String response) {
        JsonObject answer = resolved(new JsonObject().put("$ref", "#/components/responses/" + response));
        JsonObject declared = document.getJsonObject("components").getJsonObject("headers");
        answer.getJsonObject("headers").forEach(header -> {
            String reference = ((JsonObject) header.getValue()).getString("$ref");
            assertThat(declared.fieldNames()).contains(reference.substring(reference.lastIndexOf('/') + 1));
        });
        return answer.getJsonObject("headers").fieldNames();
    }

    @Test
    void everyRouteIsListedForPeopleToo() throws IOException {
        String page = Files.readString(Path.of("src/docs/rest.md"));
        assertThat(Pattern.compile("(?m)^\\| `([A-Z]+ /[^`]*)` \\|")
                        .matcher(page)
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(routes());
    }

    @Test
    void whatEveryRouteAnswersIsAsTheDocumentSays() {
        String transactions = V1 + "/transactions";
        JsonObject injected = HttpFixture.json(
                check("POST", transactions, httpFixture.post(at(transactions), "{\"data\":{\"a\":1}}")));
        String found = transactions + "/{id}";
        String address = at(transactions) + "/" + injected.getString("id");
        check("GET", found, httpFixture.get(address));
        check("POST", V1 + "/leaps", httpFixture.post(at(V1) + "/leaps", ""));
        check("GET", found, httpFixture.get(address));
        check("GET", found, httpFixture.get(at(transactions) + "/00"));
        Transaction lost = Samples.transaction(httpFixture.node.spec, 77);
        httpFixture.node.place(lost, new Superseded(lost, lost.id(), true));
        check("GET", found, httpFixture.get(at(transactions) + "/" + lost.id().hex()));
        check("POST", transactions, httpFixture.post(at(transactions), "{}"));
        check("POST", transactions, httpFixture.post(at(transactions), "{\"data\":1}", "Content-Type", "a/b"));
        String lines = "{\"data\":1}\n{\"data\":}\n";
        check("POST", transactions, httpFixture.post(at(transactions), lines, "Content-Type", "application/x-ndjson"));
        check("GET", "/v1/chains", httpFixture.get("/v1/chains"));
        check("GET", V1, httpFixture.get(at(V1)));
        check("GET", V1, httpFixture.get("/v1/chains/none"));
        String quants = V1 + "/quants";
        check("GET", quants, httpFixture.get(at(quants)));
        check(
                "GET",
                quants,
                httpFixture.send(httpFixture.request(at(quants)).header("Accept", "application/x-ndjson")));
        check("GET", quants, httpFixture.get(at(quants) + "?from=-1"));
        for (String name : List.of("0", "head", "99")) {
            check("GET", quants + "/{quant}", httpFixture.get(at(quants) + "/" + name));
        }
        check("GET", V1 + "/events", httpFixture.get(at(V1) + "/events?lastEventId=x"));
        HttpResponse<String> events =
                httpFixture.send(httpFixture.request(at(V1) + "/events").method("HEAD", BodyPublishers.noBody()));
        check("GET", V1 + "/events", events);
        theChainsRoutes();
        theSubscriptionsRoutes();
        theNodesRoutes();
        theProjectionsRoutes();
        theOriginalsRoutes();
        assertThat(CHECKED).containsAll(routes());
    }

    private static void theSubscriptionsRoutes() {
        String all = V1 + "/subscriptions";
        String one = all + "/{name}";
        String at = at(all) + "/a";
        check("GET", all, httpFixture.get(at(all)));
        HttpResponse<String> put = httpFixture.send(httpFixture
                .request(at)
                .header("Content-Type", "application/json")
                .method("PUT", BodyPublishers.ofString("{}")));
        check("PUT", one, put);
        check("GET", one, httpFixture.get(at));
        check("DELETE", one, httpFixture.send(httpFixture.request(at).DELETE()));
        for (String verb : List.of("pause", "resume", "seek", "replay", "secret")) {
            check("POST", one + "/" + verb, httpFixture.post(at + "/" + verb + "?to=2&from=1", ""));
        }
        check("GET", one + "/status", httpFixture.get(at + "/status"));
        check("POST", one + "/fetch", httpFixture.post(at + "/fetch", "{\"max\":0}"));
        check("POST", one + "/fetch", httpFixture.post(at + "/fetch", "{\"max\":1}"));
        check("POST", one + "/commit", httpFixture.post(at + "/commit", "{\"offset\":1}"));
        check("POST", one + "/release", httpFixture.post(at + "/release", "{\"consumer\":\"a\"}"));
        check("POST", one + "/ack", httpFixture.post(at + "/ack", "{\"offset\":1}"));
        check("GET", one + "/events", httpFixture.get(at + "/events"));
        check("GET", one + "/socket", httpFixture.get(at + "/socket"));
        check("GET", one + "/dead", httpFixture.get(at + "/dead"));
        check("POST", one + "/dead/{number}/retry", httpFixture.post(at + "/dead/1/retry", ""));
    }

    private static void theChainsRoutes() {
        String orders = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"},\"rules\":{\"schema\":{}}}";
        check("POST", "/v1/chains", httpFixture.post("/v1/chains", orders));
        check("POST", "/v1/chains", httpFixture.post("/v1/chains", orders));
        check(
                "POST",
                "/v1/chains",
                httpFixture.post("/v1/chains", "{\"name\":\"main\",\"consensus\":{\"engine\":\"pow\"}}"));
        check("POST", "/v1/chains", httpFixture.post("/v1/chains", "{\"name\":\"x\"}"));
        String transactions = V1 + "/transactions";
        check("POST", transactions, httpFixture.post("/v1/chains/orders/transactions", "{\"data\":\"bad\"}"));
        check("POST", V1 + "/freeze", httpFixture.post("/v1/chains/orders/freeze", ""));
        check("POST", transactions, httpFixture.post("/v1/chains/orders/transactions", "{\"data\":1}"));
        check("POST", V1 + "/leaps", httpFixture.post("/v1/chains/orders/leaps", ""));
        check("POST", V1 + "/unfreeze", httpFixture.post("/v1/chains/orders/unfreeze", ""));
        String fork = "{\"at\":1,\"name\":\"twin\"}";
        check("POST", V1 + "/forks", httpFixture.post(at(V1) + "/forks", fork));
        check("POST", V1 + "/forks", httpFixture.post(at(V1) + "/forks", fork));
        check("POST", V1 + "/forks", httpFixture.post(at(V1) + "/forks", "{\"at\":99,\"name\":\"far\"}"));
        check("GET", V1, httpFixture.get("/v1/chains/twin"));
        check("GET", V1, httpFixture.get("/v1/chains/twin@0"));
        check("GET", V1 + "/events", httpFixture.get("/v1/chains/main@0/events"));
        check("GET", V1 + "/diff", httpFixture.get(at(V1) + "/diff?with=twin"));
        check("GET", V1 + "/diff", httpFixture.get(at(V1) + "/diff?with=orders&limit=1"));
        check("GET", V1 + "/diff", httpFixture.get(at(V1) + "/diff"));
        check("GET", V1 + "/consensus", httpFixture.get(at(V1) + "/consensus"));
        check("GET", V1 + "/consensus", httpFixture.get(at(V1) + "@0/consensus"));
        String lists = V1 + "/transactions";
        check("GET", lists, httpFixture.get(at(lists)));
        check("GET", lists, httpFixture.get(at(lists) + "?order=newest&limit=1"));
        check("GET", lists, httpFixture.get(at(lists) + "?order=any"));
        String analytics = V1 + "/analytics";
        check("GET", analytics, httpFixture.get(at(analytics)));
        check("GET", analytics, httpFixture.get(at(analytics) + "?step=hour&by=type"));
        check("GET", analytics, httpFixture.get(at(analytics) + "?step=never"));
        check(
                "GET",
                analytics,
                httpFixture.send(httpFixture.request(at(analytics)).header("Accept", "text/csv")));
        check(
                "GET",
                analytics,
                httpFixture.send(httpFixture.request(at(analytics)).header("Accept", "image/png")));
        String operations = V1 + "/operations";
        String vote = "{\"type\":\"qbc.poa.vote\",\"data\":{\"signer\":\""
                + Samples.OTHER.key().hex() + "\",\"add\":true}}";
        httpFixture.post("/v1/chains", "{\"name\":\"voters\",\"consensus\":{\"engine\":\"poa\"}}");
        check("POST", operations, httpFixture.post("/v1/chains/voters/operations", vote));
        check("POST", operations, httpFixture.post("/v1/chains/voters/operations", vote, "Via", "a proxy"));
        check("POST", operations, httpFixture.post("/v1/chains/orders/operations", vote));
        check("PUT", V1 + "/following", httpFixture.put("/v1/chains/elsewhere/following", ""));
        check("GET", "/v1/following", httpFixture.get("/v1/following"));
        check("DELETE", V1 + "/following", httpFixture.delete("/v1/chains/elsewhere/following"));
        check("DELETE", V1, httpFixture.delete("/v1/chains/twin"));
        check("DELETE", V1, httpFixture.delete("/v1/chains/twin?confirm=twin"));
    }

    private static void theNodesRoutes() {
        check("POST", "/v1/peers", httpFixture.post("/v1/peers", "{\"address\":\"http://127.0.0.1:3\"}"));
        check("POST", "/v1/peers", httpFixture.post("/v1/peers", "{\"address\":\"http://127.0.0.1:3\"}"));
        check("POST", "/v1/peers", httpFixture.post("/v1/peers", "{\"address\":\"ftp://x\"}"));
        check("GET", "/v1/peers", httpFixture.get("/v1/peers"));
        String bans = "/v1/peers/bans";
        check("POST", bans, httpFixture.post(bans, "{\"peer\":\"203.0.113.7\",\"time\":\"2h\",\"reason\":\"loud\"}"));
        check("POST", bans, httpFixture.post(bans, "{\"peer\":\"203.0.113.8\",\"time\":\"soon\"}"));
        check("GET", bans, httpFixture.get(bans));
        check("GET", "/v1/peers", httpFixture.get("/v1/peers"));
        String ban = bans + "/{peer}";
        check("DELETE", ban, httpFixture.delete(bans + "/203.0.113.7"));
        check("DELETE", ban, httpFixture.delete(bans + "/203.0.113.7"));
        check("POST", "/v1/peer/{verb}", httpFixture.post("/v1/peer/hello", "x"));
        check("POST", "/v1/backup", httpFixture.post("/v1/backup", "{\"name\":\"before\",\"withKey\":true}"));
        check("POST", "/v1/backup", httpFixture.post("/v1/backup", ""));
        check("POST", "/v1/backup", httpFixture.post("/v1/backup", "{\"name\":\"fails\"}"));
        check("POST", "/v1/backup", httpFixture.post("/v1/backup", "{\"withKey\":1}"));
        check("GET", "/v1/backup", httpFixture.get("/v1/backup"));
        String made = HttpFixture.json(check(
                        "POST",
                        "/v1/access",
                        httpFixture.post("/v1/access", "{\"name\":\"a\",\"roles\":[\"reader\"]}")))
                .getString("id");
        check("POST", "/v1/access", httpFixture.post("/v1/access", "{\"name\":\"a\",\"roles\":[\"king\"]}"));
        check("GET", "/v1/access", httpFixture.get("/v1/access"));
        check("GET", "/v1/access/self", httpFixture.get("/v1/access/self"));
        check("DELETE", "/v1/access/{id}", httpFixture.delete("/v1/access/" + made));
        check("DELETE", "/v1/access/{id}", httpFixture.delete("/v1/access/" + made));
        check("GET", "/v1/node/sbom", httpFixture.get("/v1/node/sbom"));
        check("GET", "/v1/audit", httpFixture.get("/v1/audit"));
        check("GET", "/v1/audit", httpFixture.get("/v1/audit?limit=0"));
        for (String path : List.of(
                "/v1/node", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/discover", "/stats")) {
            check("GET", path, httpFixture.get(path));
        }
    }

    private static void theProjectionsRoutes() {
        String all = "/v1/projections";
        String one = all + "/{projection}";
        String shop = all + "/shop";
        check("PUT", one, httpFixture.putJson(shop, "{\"chain\":\"main\"}"));
        check("PUT", one, httpFixture.putJson(shop, "{\"chain\":\"main\"}"));
        check("PUT", one, httpFixture.putJson(shop, "{}"));
        check("GET", all, httpFixture.get(all));
        check("GET", one, httpFixture.get(shop));
        check("GET", one, httpFixture.get(shop + "?at=10&wait=1ms"));
        check("GET", one, httpFixture.get(all + "/none"));
        for (String action : List.of("/pause", "/resume", "/rebuild", "/verify", "/verify/cancel", "/dead/retry")) {
            check("POST", one + action, httpFixture.post(shop + action, ""));
            check("POST", one + action, httpFixture.post(all + "/none" + action, ""));
        }
        check("GET", one + "/dead", httpFixture.get(shop + "/dead"));
        check("POST", one + "/query", httpFixture.post(shop + "/query", "{\"sql\":\"select 1\"}"));
        check("POST", one + "/query", httpFixture.post(shop + "/query", "{\"sql\":\"delete\"}"));
        String rows = "/tables/{table}/rows";
        check("GET", one + rows, httpFixture.get(shop + "/tables/line/rows?sku=a"));
        check("GET", one + rows, httpFixture.get(shop + "/tables/line/rows?limit=x"));
        check("GET", one + rows + "/{key}", httpFixture.get(shop + "/tables/line/rows/7"));
        check("GET", one + rows + "/{key}/history", httpFixture.get(shop + "/tables/line/rows/7/history"));
        check("DELETE", one, httpFixture.delete(shop));
        check("DELETE", one, httpFixture.delete(shop));
    }

    private static void theOriginalsRoutes() {
        check("POST", "/inject", httpFixture.post("/inject", "{\"data\":null}"));
        check("POST", "/inject", httpFixture.post("/inject", "{"));
        check(
                "PUT",
                "/inject",
                httpFixture.send(httpFixture.request("/inject").PUT(BodyPublishers.ofString("{\"data\":2}"))));
        check("GET", "/leap", httpFixture.get("/leap"));
        check("GET", "/stats", httpFixture.get("/stats?chain=orders"));
        check("GET", "/stats", httpFixture.get("/stats?chain=none"));
        check("GET", "/json-chain", httpFixture.get("/json-chain"));
        check("GET", "/chain", httpFixture.get("/chain"));
        check(
                "GET",
                "/chain",
                httpFixture.send(httpFixture.request("/chain").header("Accept", "application/x-python-pickle")));
        check("POST", "/discover", httpFixture.post("/discover", "{\"host\":\"http://127.0.0.1:3\"}"));
        String quant = httpFixture.get("/v1/chains/main/quants/1").body();
        check("POST", "/add-block", httpFixture.post("/add-block", quant));
        check("POST", "/add-block", httpFixture.post("/add-block", "{}"));
    }

    private static String at(String template) {
        return template.replace("{chain}", "main");
    }

    /** Checks status, media type and body of an answer, and gives it back. */
    private static HttpResponse<String> check(String method, String template, HttpResponse<String> response) {
        String what = method + " " + template + " " + response.statusCode();
        CHECKED.add(method + " " + template);
        JsonObject responses = document.getJsonObject("paths")
                .getJsonObject(template)
                .getJsonObject(method.toLowerCase(Locale.ROOT))
                .getJsonObject("responses");
        assertThat(responses.fieldNames()).as(what).contains(Integer.toString(response.statusCode()));
        String type =
                MediaTypes.essence(response.headers().firstValue("Content-Type").orElse(""));
        JsonObject content = resolved(responses.getJsonObject(Integer.toString(response.statusCode())))
                .getJsonObject("content");
        if (content == null) {
            assertThat(response.body()).as(what).isEmpty();
            return response;
        }
        assertThat(content.fieldNames()).as(what).contains(type);
        JsonObject schema = content.getJsonObject(type).getJsonObject("schema");
        if (type.endsWith("json") && !type.endsWith("ndjson")) {
            valid(what, schema, response.body());
        } else if (type.endsWith("ndjson")) {
            response.body().lines().forEach(line -> valid(what, schema, line));
        }
        return response;
    }

    /** What a reference means; an answer that is none means itself. */
    private static JsonObject resolved(JsonObject answer) {
        String reference = answer.getString("$ref", "");
        return reference.isEmpty()
                ? answer
                : document.getJsonObject("components")
                        .getJsonObject("responses")
                        .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
    }

    private static void valid(String what, JsonObject schema, String body) {
        JsonObject whole = new JsonObject(schema.copy()
                .put("$defs", document.getJsonObject("components").getJsonObject("schemas"))
                .encode()
                .replace("#/components/schemas/", "#/$defs/"));
        Object value = body.startsWith("[") ? new JsonArray(body) : new JsonObject(body);
        OutputUnit result = Validator.create(
                        JsonSchema.of(whole),
                        new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://qbc.invalid"))
                .validate(value);
        assertThat(result.getValid())
                .as(what + " " + body + " " + result.getErrors())
                .isTrue();
        String name = schema.getString("$ref", "");
        if (value instanceof JsonObject json && !name.isEmpty()) {
            JsonObject described = document.getJsonObject("components")
                    .getJsonObject("schemas")
                    .getJsonObject(name.substring(name.lastIndexOf('/') + 1));
            if (described.containsKey("properties")) {
                assertThat(described.getJsonObject("properties").fieldNames())
                        .as(what)
                        .containsAll(json.fieldNames());
            }
        }
    }

    @Test
    void everyIntegerHasItsWidth() {
        List<String> without = new ArrayList<>();
        walk("", document, (at, part) -> {
            String type = String.valueOf(part.getValue("type"));
            boolean integer = type.equals("integer") || type.equals("[\"integer\",\"null\"]");
            if (integer && !Set.of("int32", "int64").contains(part.getString("format", ""))) {
                without.add(at);
            }
        });
        assertThat(without).isEmpty();
        assertThat(schema("Transaction").getJsonObject("properties").getJsonObject("timestamp"))
                .isEqualTo(new JsonObject("{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":0,"
                        + "\"description\":\"Milliseconds since 1970\"}"));
    }

    @Test
    void everyObjectHasANameSoThatGeneratorsNeedNotMakeOneUp() {
        List<String> inline = new ArrayList<>();
        walk("", document, (at, part) -> {
            boolean named = at.matches("/components/schemas/[A-Za-z]+");
            if (part.getValue("properties") instanceof JsonObject && !named) {
                inline.add(at);
            }
        });
        assertThat(inline).isEmpty();
    }

    @Test
    void everyOperationHasATagAndTheSecurityOfTheWhole() {
        Set<String> tags = document.getJsonArray("tags").stream()
                .map(tag -> ((JsonObject) tag).getString("name"))
                .collect(Collectors.toSet());
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
                assertThat(operation.getJsonArray("tags").stream())
                        .as(method + " " + path)
                        .hasSize(1)
                        .isSubsetOf(tags);
            }
        }
        assertThat(document.getJsonArray("security")).isEqualTo(JsonArray.of(new JsonObject()));
    }

    /** A generator takes the first form of the first success for what a caller gets. */
    @Test
    void theFirstSuccessOfAnInjectIsNotThatOfABatch() {
        JsonObject responses = document.getJsonObject("paths")
                .getJsonObject(V1 + "/transactions")
                .getJsonObject("post")
                .getJsonObject("responses");
        for (String status : List.of("200", "201", "202")) {
            JsonObject content = responses.getJsonObject(status).getJsonObject("content");
            assertThat(content.fieldNames()).first().isEqualTo("application/json");
            assertThat(content.getJsonObject("application/json")
                            .getJsonObject("schema")
                            .getString("$ref"))
                    .isEqualTo("#/components/schemas/Injected");
            assertThat(responses.getJsonObject(status).getJsonObject("headers").fieldNames())
                    .contains("Location");
        }
    }

    private static JsonObject schema(String name) {
        return document.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
    }

    private static void walk(String at, Object part, BiConsumer<String, JsonObject> visitor) {
        if (part instanceof JsonObject json) {
            visitor.accept(at, json);
            json.forEach(member -> walk(at + "/" + member.getKey(), member.getValue(), visitor));
        } else if (part instanceof JsonArray items) {
            items.forEach(item -> walk(at + "/-", item, visitor));
        }
    }

    @Test
    void everyCodeIsLowerCaseAndStable() {
        for (Reason reason : Reason.values()) {
            assertThat(reason.code()).matches("[a-z_]+");
        }
    }
}
