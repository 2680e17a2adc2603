package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Every act of the console, in an order in which they can be done one after the other. */
final class ConsoleActs {
    private static final String CHAIN = "/v1/chains/OWN";
    private static final String PULLED = CHAIN + "/subscriptions/pulled";
    private static final String HOOK = CHAIN + "/subscriptions/hook";
    private static final String TABLES = "/v1/projections/TABLES";
    private static final String MANAGE = "/chains/OWN?tab=manage";
    private static final String SUBSCRIPTION = "/subscriptions/OWN/pulled";
    private static final String WEBHOOK = "/subscriptions/OWN/hook";
    private static final String PROJECTION = "/projections/TABLES";
    /** Of the block that is for documents (RFC 5737): it is nobody's. */
    private static final String NOBODY = "203.0.113.7";

    private ConsoleActs() {}

    /** A mapping with which one of the transactions that a chain begins with does not go together. */
    static String mapping(String chain) {
        return """
                {"chain":"%s","from":"head","onError":"dead","tables":[{"table":"number","mode":"append",
                  "columns":{"n":{"pointer":"/n","type":"bigint","required":true}}}]}""".formatted(chain);
    }

    static List<ConsoleAct> all() {
        List<ConsoleAct> acts = new ArrayList<>();
        ofChains(acts);
        ofSubscriptions(acts);
        ofProjections(acts);
        ofNode(acts);
        ofKeys(acts);
        acts.add(ConsoleAct.chain("remove a chain", "admin", MANAGE, "Remove own-.* from this node")
                .call("DELETE", CHAIN + "?confirm=OWN", "")
                .is(
                        (console, caller) -> console.fill("Type " + caller.chain() + " to go on", caller.chain())
                                .press("Remove " + caller.chain() + " from this node")
                                .page()
                                .await("location.hash === '#/chains'"),
                        (admin, caller) ->
                                admin.send("GET", caller.own(CHAIN), "").status() == 404));
        return acts;
    }

    private static void ofChains(List<ConsoleAct> acts) {
        acts.add(ConsoleAct.chain("inject", "writer", "/inject?chain=OWN", "Inject into .*")
                .call("POST", CHAIN + "/transactions", "{\"data\":1}")
                .is(
                        (console, caller) -> console.fill("Data", "{\"n\":4711}")
                                .tick("Wait until it is in a quant, ten seconds at most")
                                .press("Inject into " + caller.chain())
                                .reads("waits for a leap"),
                        (admin, caller) -> waiting(admin, caller) == 2));
        acts.add(ConsoleAct.chain("leap", "sealer", "/chains/OWN", "Seal .*|Nothing waits to be sealed")
                .call("POST", CHAIN + "/leaps", "")
                .is(
                        (console, caller) -> console.press(sealing(console)).reads("in quant 2"),
                        (admin, caller) ->
                                admin.get(caller.own(CHAIN)).at("/head/height").asInt() == 2));
        acts.add(ConsoleAct.chain("freeze", "admin", MANAGE, "Freeze")
                .call("POST", CHAIN + "/freeze", "")
                .is(
                        (console, caller) -> console.press("Freeze").reads("This node lets no writes through"),
                        (admin, caller) ->
                                admin.get(caller.own(CHAIN)).at("/frozen").asBoolean()));
        acts.add(ConsoleAct.chain("unfreeze", "admin", MANAGE, "Let writes through again")
                .call("POST", CHAIN + "/unfreeze", "")
                .is(
                        (console, caller) ->
                                console.press("Let writes through again").reads("Freezing stops writes"),
                        (admin, caller) ->
                                !admin.get(caller.own(CHAIN)).at("/frozen").asBoolean()));
        acts.add(ConsoleAct.node("fork", "admin", MANAGE, "Fork this chain")
                .call("POST", CHAIN + "/forks", "{\"name\":\"fork-OWN\",\"at\":1}")
                .is(
                        (console, caller) -> console.fill("Name", "fork-" + caller.chain())
                                .fill("Leaves at height", "1")
                                .press("Fork this chain")
                                .reads("Made fork-" + caller.chain()),
                        (admin, caller) -> admin.get("/v1/chains/fork-" + caller.chain())
                                        .at("/fork/height")
                                        .asInt(-1)
                                == 1));
        acts.add(ConsoleAct.node("follow", "admin", MANAGE, "Follow")
                .call("PUT", CHAIN + "/following", "")
                .is(
                        (console, caller) -> console.press("Follow").reads("Done."),
                        (admin, caller) -> follows(admin, caller)));
        acts.add(ConsoleAct.node("follow no longer", "admin", MANAGE, "Follow no longer")
                .call("DELETE", CHAIN + "/following", "")
                .is(
                        (console, caller) -> console.press("Follow no longer").reads("Done."),
                        (admin, caller) -> !follows(admin, caller)));
        acts.add(ConsoleAct.chain("operate", "admin", "/chains/VOTES?tab=consensus", "Sign and inject")
                .call(
                        "POST",
                        "/v1/chains/VOTES/operations",
                        "{\"type\":\"qbc.poa.vote\",\"data\":{\"signer\":\"" + "a1".repeat(32) + "\",\"add\":true}}")
                .is(
                        (console, caller) -> console.fill("signer", Strangers.key())
                                .press("Sign and inject")
                                .reads("Injected as"),
                        (admin, caller) -> admin.get(caller.own("/v1/chains/VOTES/transactions?type=qbc.poa.vote"))
                                                .at("/transactions")
                                                .size()
                                        + admin.get(caller.own("/v1/chains/VOTES"))
                                                .at("/pool/transactions")
                                                .asInt()
                                >= 1));
    }

    /** The button says how many wait. */
    private static String sealing(ConsolePage console) {
        Await.until("something waits", () -> console.buttons().stream().anyMatch(each -> each.startsWith("Seal ")));
        return console.buttons().stream()
                .filter(each -> each.startsWith("Seal "))
                .findFirst()
                .orElseThrow();
    }

    private static int waiting(ConsoleCaller admin, ConsoleCaller caller) {
        return admin.get(caller.own(CHAIN)).at("/pool/transactions").asInt();
    }

    private static boolean follows(ConsoleCaller admin, ConsoleCaller caller) {
        String id = admin.get(caller.own(CHAIN)).get("id").asText();
        return stream(admin.get("/v1/following").get("followed"))
                .map(JsonNode::asText)
                .anyMatch(each -> each.equals(id) || each.equals(caller.chain()));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static JsonNode pulled(ConsoleCaller admin, ConsoleCaller caller) {
        return admin.get(caller.own(PULLED));
    }

    private static void ofSubscriptions(List<ConsoleAct> acts) {
        acts.add(ConsoleAct.chain("subscribe", "writer", "/subscriptions/OWN", "Subscribe.*")
                .call("PUT", CHAIN + "/subscriptions/forbidden", "{}")
                .is(
                        (console, caller) -> console.fill("Name", "audit")
                                .press("Subscribe audit")
                                .reads("audit is made."),
                        (admin, caller) -> admin.send("GET", caller.own(CHAIN + "/subscriptions/audit"), "")
                                        .status()
                                == 200));
        acts.add(ConsoleAct.chain("pause a subscription", "writer", SUBSCRIPTION, "Pause")
                .call("POST", PULLED + "/pause", "")
                .is(
                        (console, caller) -> console.press("Pause").reads("paused"),
                        (admin, caller) ->
                                pulled(admin, caller).get("state").asText().equals("paused")));
        acts.add(ConsoleAct.chain("resume a subscription", "writer", SUBSCRIPTION, "Resume")
                .call("POST", PULLED + "/resume", "")
                .is(
                        (console, caller) -> console.press("Resume").reads("active"),
                        (admin, caller) ->
                                pulled(admin, caller).get("state").asText().equals("active")));
        acts.add(ConsoleAct.chain("seek", "writer", SUBSCRIPTION, "Go on there")
                .call("POST", PULLED + "/seek?to=1", "")
                .is(
                        (console, caller) -> console.fill("Go on at: oldest, newest or a leaf", "3")
                                .press("Go on there")
                                .reads("Goes on at leaf 3."),
                        (admin, caller) -> pulled(admin, caller).get("offset").asInt() == 3));
        acts.add(ConsoleAct.chain("replay", "writer", SUBSCRIPTION, "Deliver this range again")
                .call("POST", PULLED + "/replay?from=0&to=1", "")
                .is(
                        (console, caller) -> console.fill("Deliver again from leaf", "1")
                                .fill("up to, without", "2")
                                .press("Deliver this range again")
                                .reads("A range is delivered once more"),
                        (admin, caller) -> pulled(admin, caller).get("replay").asInt(-1) == 1));
        acts.add(ConsoleAct.chain("change a subscription", "writer", SUBSCRIPTION, "Change it")
                .call("PUT", PULLED, "{\"ahead\":3}")
                .is(
                        (console, caller) -> console.fill(
                                        "What it is to do", "{\"deliver\":{\"kind\":\"pull\"},\"ahead\":7}")
                                .press("Change it")
                                .reads("Done."),
                        (admin, caller) ->
                                pulled(admin, caller).at("/subscription/ahead").asInt() == 7));
        acts.add(ConsoleAct.chain("make a new secret", "writer", WEBHOOK, "Make a new secret")
                .call("POST", HOOK + "/secret", "")
                .is(
                        (console, caller) -> console.press("Make a new secret")
                                .reads("whsec_")
                                .press("I have kept it")
                                .readsNo("whsec_"),
                        (admin, caller) -> true));
        acts.add(ConsoleAct.chain("deliver a dead letter", "writer", WEBHOOK, "Deliver again")
                .call("POST", HOOK + "/dead/1/retry", "")
                .is(
                        (console, caller) -> console.press("Deliver again"),
                        (admin, caller) ->
                                admin.get(caller.own(HOOK)).get("dead").asInt() == ConsoleRolesIT.DEAD_LETTERS - 1));
        acts.add(ConsoleAct.chain("remove a subscription", "writer", SUBSCRIPTION, "Remove the subscription pulled")
                .call("DELETE", PULLED, "")
                .is(
                        (console, caller) -> console.fill("Type pulled to go on", "pulled")
                                .press("Remove the subscription pulled")
                                .page()
                                .await("location.hash === '#/subscriptions/" + caller.chain() + "'"),
                        (admin, caller) ->
                                admin.send("GET", caller.own(PULLED), "").status() == 404));
    }

    private static JsonNode tables(ConsoleCaller admin, ConsoleCaller caller) {
        return admin.get(caller.own(TABLES));
    }

    private static void ofProjections(List<ConsoleAct> acts) {
        acts.add(ConsoleAct.chain("ask a projection", "reader", PROJECTION, "Run")
                .call("POST", TABLES + "/query", "{\"sql\":\"select 1\"}")
                .is(
                        (console, caller) -> console.fill("SQL", "select upper('there are ') || count(*) from number")
                                .press("Run")
                                .reads("THERE ARE "),
                        (admin, caller) -> true));
        acts.add(ConsoleAct.chain("compare a projection", "auditor", PROJECTION, "Compare with the chain")
                .call("POST", TABLES + "/verify", "")
                .call("POST", TABLES + "/verify/cancel", "")
                .is(
                        (console, caller) ->
                                console.press("Compare with the chain").reads("Every row is as it follows"),
                        (admin, caller) -> tables(admin, caller)
                                .at("/verification/state")
                                .asText()
                                .equals("done")));
        acts.add(ConsoleAct.node("pause a projection", "admin", PROJECTION, "Pause")
                .call("POST", TABLES + "/pause", "")
                .is(
                        (console, caller) -> console.press("Pause").reads("paused"),
                        (admin, caller) ->
                                tables(admin, caller).get("state").asText().equals("paused")));
        acts.add(ConsoleAct.node("resume a projection", "admin", PROJECTION, "Resume")
                .call("POST", TABLES + "/resume", "")
                .is(
                        (console, caller) -> console.press("Resume").reads("following"),
                        (admin, caller) ->
                                tables(admin, caller).get("state").asText().equals("following")));
        acts.add(ConsoleAct.node("try again what was put aside", "admin", PROJECTION, "Try them again")
                .call("POST", TABLES + "/dead/retry", "")
                .is(
                        (console, caller) -> console.press("Try them again"),
                        (admin, caller) -> tables(admin, caller).get("dead").asInt() == 1));
        acts.add(ConsoleAct.node("rebuild a projection", "admin", PROJECTION, "Rebuild")
                .call("POST", TABLES + "/rebuild", "")
                .is(
                        (console, caller) -> console.press("Rebuild").reads("Done."),
                        (admin, caller) -> tables(admin, caller).get("rebuild").isNull()
                                && tables(admin, caller).at("/rows/number").asInt() >= 3));
        acts.add(ConsoleAct.node("change a projection", "admin", PROJECTION, "Change the mapping")
                .call("PUT", TABLES, mapping("OWN"))
                .is(
                        (console, caller) -> console.fill(
                                        "Mapping", mapping(caller.chain()).replace("bigint", "text"))
                                .press("Change the mapping"),
                        (admin, caller) -> tables(admin, caller).toString().contains("\"type\":\"text\"")));
        acts.add(ConsoleAct.node("begin a projection", "admin", "/projections", "Begin.*")
                .call("PUT", "/v1/projections/forbidden_TABLES", mapping("OWN"))
                .is(
                        (console, caller) -> console.fill("Name", "more_" + caller.tables())
                                .fill("Mapping", mapping(caller.chain()))
                                .press("Begin more_" + caller.tables())
                                .reads("following"),
                        (admin, caller) -> admin.get(caller.own("/v1/projections/more_TABLES"))
                                        .at("/rows/number")
                                        .asInt()
                                >= 3));
        acts.add(ConsoleAct.node("remove a projection", "admin", PROJECTION, "Remove the projection .*")
                .call("DELETE", TABLES, "")
                .is(
                        (console, caller) -> console.fill("Type " + caller.tables() + " to go on", caller.tables())
                                .press("Remove the projection " + caller.tables())
                                .page()
                                .await("location.hash === '#/projections'"),
                        (admin, caller) ->
                                admin.send("GET", caller.own(TABLES), "").status() == 404));
    }

    private static void ofNode(List<ConsoleAct> acts) {
        acts.add(ConsoleAct.node("make a chain", "admin", "/new", "Make .*")
                .call("POST", "/v1/chains", "{\"name\":\"forbidden-OWN\",\"consensus\":{\"engine\":\"dbc\"}}")
                .is(
                        (console, caller) -> console.fill("Name", "made-" + caller.chain())
                                .press("Make made-" + caller.chain())
                                .reads("with the id shown here."),
                        (admin, caller) -> admin.send("GET", "/v1/chains/made-" + caller.chain(), "")
                                        .status()
                                == 200));
        acts.add(ConsoleAct.node("ban", "admin", "/peers", "Ban")
                .call("POST", "/v1/peers/bans", "{\"peer\":\"" + NOBODY + "\"}")
                .is(
                        (console, caller) -> console.fill("Identity key or IP address", NOBODY)
                                .fill("Why", "of a test")
                                .press("Ban")
                                .reads("of a test"),
                        (admin, caller) ->
                                admin.get("/v1/peers/bans").toString().contains(NOBODY)));
        acts.add(ConsoleAct.node("end a ban", "admin", "/peers", "End the ban")
                .call("DELETE", "/v1/peers/bans/" + NOBODY, "")
                .is(
                        (console, caller) -> console.press("End the ban").reads("Nobody is banned."),
                        (admin, caller) ->
                                !admin.get("/v1/peers/bans").toString().contains(NOBODY)));
        acts.add(ConsoleAct.node("make a node a peer", "admin", "/peers", "Add peer")
                .call("POST", "/v1/peers", "{\"address\":\"http://127.0.0.1:5001\"}")
                .is(
                        (console, caller) -> console.fill("Make a node a peer", ConsoleRolesIT.otherUrl())
                                .press("Add peer")
                                .reads("It is a peer now."),
                        (admin, caller) -> admin.get("/v1/peers").toString().contains(ConsoleRolesIT.otherUrl())));
        acts.add(ConsoleAct.node("read the audit trail", "auditor", "/access", "Filter")
                .call("GET", "/v1/audit", "")
                .is(
                        (console, caller) ->
                                console.fill("Who", "admin").press("Filter").reads("createChain"),
                        (admin, caller) -> true));
    }

    private static long keysOf(ConsoleCaller admin, String name) {
        return stream(admin.get("/v1/access").get("keys"))
                .filter(each -> each.get("name").asText().equals(name))
                .count();
    }

    private static void ofKeys(List<ConsoleAct> acts) {
        acts.add(ConsoleAct.node("make a key", "admin", "/access", "Make a key for .*")
                .call("POST", "/v1/access", "{\"name\":\"forbidden\",\"roles\":[\"admin\"]}")
                .is(
                        (console, caller) -> console.fill("Name", "shop")
                                .choose("Role", "writer")
                                .press("Make a key for shop as writer")
                                .reads("The key of shop")
                                .reads("qbc_")
                                .press("I have kept it")
                                .readsNo("qbc_"),
                        (admin, caller) -> keysOf(admin, "shop") == 1));
        acts.add(ConsoleAct.node("make a key's successor", "admin", "/access", "Make its successor")
                .call("POST", "/v1/access", "{\"name\":\"shop\",\"roles\":[\"writer\"]}")
                .is(
                        (console, caller) -> console.pressIn("shop", "Make its successor")
                                .reads("The key of shop")
                                .press("I have kept it"),
                        (admin, caller) -> keysOf(admin, "shop") == 2));
        acts.add(ConsoleAct.node("revoke a key", "admin", "/access", "Revoke…")
                .call("DELETE", "/v1/access/000000000000", "")
                .is(
                        (console, caller) -> console.pressIn("shop", "Revoke…")
                                .pressIn("shop", "Revoke: its callers are refused at once"),
                        (admin, caller) -> keysOf(admin, "shop") == 1));
    }
}
