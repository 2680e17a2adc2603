package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.qbc.AnswerForms;
import io.qbc.RecomputeScript;
import io.qbc.RecomputeScript.Result;
import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.spec.ChainSpecReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script of the documents, which knows nothing of the Java code, finds the same hashes. */
@EnabledIf(value = "io.qbc.RecomputeScript#canRun", disabledReason = "there is no python3 on this machine")
class RecomputeTest {
    private static final List<String> PAYLOADS = List.of(
            "{\"n\":1}",
            "{ \"b\" : 1.50, \"a\" : [ 1e2 , -0 ] }",
            "\"\\u00e9 é 語 😀 \\ud83d\\ude00 \u2028 \\\\\"",
            "{\"data\":{\"data\":\"}]\\\"data\\\":\"},\"transactions\":[{\"id\":\"[\"}]}",
            "123456789012345678901234567890.10000000000000000000000001e99999",
            "{\n  \"pretty\": [\r\n    true\n  ]\n}",
            "[[],{},\"\",null]",
            "\"" + "9".repeat(20_000) + "\"",
            "1".repeat(5000));
    private static final List<Quant> POW = chain(Samples.pow("main"));
    private static final String GOOD = AnswerForms.stream(Samples.pow("main"), POW);

    @TempDir
    private static Path directory;

    @BeforeAll
    static void theStreamHasALineForEachQuant() {
        assertThat(GOOD.lines().count()).isEqualTo(1 + POW.size());
    }

    @Test
    void findsASoundChainSound() {
        assertThat(recompute(GOOD)).isEqualTo(new Result(0, verdict(Samples.pow("main"), POW)));
        List<Quant> dbc = chain(Samples.dbc("orders"));
        assertThat(recompute(AnswerForms.stream(Samples.dbc("orders"), dbc)))
                .isEqualTo(new Result(0, verdict(Samples.dbc("orders"), dbc)));
        assertThat(recompute(AnswerForms.stream(Samples.pow("main"), List.of())).exit())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'engine':'pow','difficulty':16",
                "'engine':'pow','difficulty':64,'spacing':700,'halfLife':900",
                "'engine':'pow','difficulty':64,'spacing':9000,'difficultyLeast':40,'difficultyMost':65",
                "'engine':'classic','bytes':8",
                "'engine':'dbc','turn':1",
                "'engine':'pos','epoch':3",
                "'engine':'dpos','epoch':3"
            })
    void findsAChainOfEachEngineSound(String consensus) throws IOException {
        ChainSpec spec = spec("main", consensus, "");
        List<Quant> quants = chain(spec, 12);
        assertThat(recompute(AnswerForms.stream(spec, quants))).isEqualTo(new Result(0, verdict(spec, quants)));
        assertThat(ask(about(spec), AnswerForms.stream(spec, quants))).isEqualTo(new Result(0, verdict(spec, quants)));
    }

    @Test
    void followsAForkThroughItsParents() throws IOException {
        ChainSpec parent = spec("main", "'engine':'classic'", "");
        List<Quant> shared = chain(parent, 3);
        ChainSpec fork = fork(parent, shared, "'engine':'pow','difficulty':16,'spacing':500");
        List<Quant> own = chain(fork, tip(fork, parent, shared), 5);
        String stream = AnswerForms.stream(parent, shared) + AnswerForms.stream(fork, own);
        int count = shared.size() + 1 + own.size();
        Result sound = new Result(0, verdict(fork, own).replaceFirst("\\d+ quants", count + 1 + " quants"));
        assertThat(recompute(stream)).isEqualTo(sound);
        assertThat(ask(about(fork), stream)).isEqualTo(sound);
        assertThat(ask(about(fork).replace("\"height\":3", "\"height\":2"), stream)
                        .said())
                .startsWith("unsound at height 10")
                .contains("spec");
        String begun = AnswerForms.stream(fork, own);
        assertThat(recompute(begun).said()).startsWith("unsound at height 0").contains("height or link");
        forged(
                "no parent's quant before the fork",
                stream.replace(begun, begun.lines().skip(1).reduce("", (a, b) -> a + b + "\n")),
                "link");
    }

    @Test
    void findsAnotherDifficultyWhereItKnowsTheSpec() throws IOException {
        ChainSpec stated = spec("main", "'engine':'pow','difficulty':16,'spacing':900", "");
        ChainSpec eased = new ChainSpec(
                "main", "", stated.genesisTime(), Samples.pow("main").consensus(), stated.limits(), stated.document());
        String stream = AnswerForms.stream(eased, chain(eased, 4));
        assertThat(recompute(stream).exit()).isZero();
        assertThat(ask(about(stated), stream).said())
                .startsWith("unsound at height 3")
                .contains("difficulty");
    }

    @Test
    void writesASpecAsTheStandardHasIt() throws IOException {
        String rules = ",'rules':{'schema':{'minimum':0.000001,'maximum':1e21,'multipleOf':1E-7,'x':[-0.50,5e-324,1e20,"
                + "123456789.25,0.0,100,1.7976931348623157e308],'\\u000f\\n\\\\':'\\u007f\u2028',"
                + "'\uD83D\uDE00':1,'\uFF5E':2}}";
        ChainSpec spec = spec("main", "'engine':'dbc'", rules);
        String stream = AnswerForms.stream(spec, List.of());
        assertThat(ask(about(spec), stream)).isEqualTo(new Result(0, verdict(spec, List.of())));
        String spelled = about(spec).replace("0.000001", "1.0e-6").replace("1e+21", "1000000000000000000000");
        assertThat(spelled).isNotEqualTo(about(spec));
        assertThat(ask(spelled, stream).exit()).isZero();
    }

    @Test
    void findsEveryForgery() {
        String line = GOOD.lines().skip(2).findFirst().orElseThrow();
        forged("another payload", GOOD.replace("{\"n\":1}", "{\"n\":2}"), "commitment");
        forged("white space moved", GOOD.replace("{\"n\":1}", "{\"n\": 1}"), "commitment");
        forged("another spelling of a number", GOOD.replace("1.50", "1.5"), "commitment");
        forged("another escape", GOOD.replace("\\u00e9 é", "é é"), "commitment");
        String time = "\"timestamp\":" + (Samples.GENESIS_TIME + 1) + ",";
        forged("another timestamp", GOOD.replace(time, time.replace(",", "0,")), "id of");
        forged("another type", GOOD.replaceFirst("shop/order", "shop/orders"), "id of");
        forged("a quant left out", GOOD.replace(line + "\n", ""), "height or link");
        forged("another chain", hex("chain"), "quant hash");
        forged("another nonce", nonce(), "proof of work");
        forged("another root", hex("root"), "tree root");
        forged("another quant hash", hex("hash"), "quant hash");
        forged("another previous", hex("previous"), "link");
        forged("another index", GOOD.replace("\"index\":4", "\"index\":5"), "index");
        forged("another count", GOOD.replaceFirst("\"count\":3", "\"count\":2"), "count");
        forged("a cut stream", GOOD.substring(0, GOOD.length() - 10), "inside a quant");
        forged("another proof of the number game", number(), "proof of the number game");
        forged("a seal left out", GOOD.replaceFirst("\"seals\":\\[\\]", "\"seals\":[{\"key\":\"\"}]"), "genesis quant");
        forged("nothing", "", "no quants");
        forged("no JSON", "hello\n", "JSONDecodeError");
    }

    @Test
    void findsAKeyThatIsUsedAgain() {
        ChainSpec spec = Samples.pow("main");
        Transaction first = Samples.keyed(spec, 1, "order-1", "1");
        Quant quant = Samples.quant(spec, Tip.genesis(spec), List.of(first), Samples.GENESIS_TIME + 1000);
        List<Transaction> other =
                List.of(Samples.keyed(spec, 2, "order-2", "1"), signed(spec, 3, "1"), Samples.transaction(spec, 4));
        assertThat(recompute(AnswerForms.stream(spec, List.of(quant, next(spec, quant, other))))
                        .exit())
                .isZero();
        Transaction again = Samples.keyed(spec, 5, "order-1", "1");
        assertThat(recompute(AnswerForms.stream(spec, List.of(quant, next(spec, quant, List.of(again)))))
                        .said())
                .startsWith("unsound at height 2")
                .contains("author and key are used already in " + again.id());
    }

    private static Quant next(ChainSpec spec, Quant parent, List<Transaction> transactions) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        long now = parent.header().timestamp() + 1000;
        Outcome outcome = new QuantRules(spec, engine, Ed25519.VERIFIER, 0)
                .judge(Tip.genesis(spec), parent.compactQuant(), List.of(), 0, now);
        return Samples.quant(spec, ((Outcome.Valid) outcome).tip(), transactions, now);
    }

    @Test
    void asksANode() throws IOException {
        ChainSpec spec = spec("main", "'engine':'pow','difficulty':16", ",'description':'easy 😀'");
        List<Quant> quants = chain(spec);
        String about = about(spec);
        assertThat(ask(about, AnswerForms.stream(spec, quants))).isEqualTo(new Result(0, verdict(spec, quants)));
        assertThat(ask(about.replace("easy 😀", "hard"), AnswerForms.stream(spec, quants))
                        .said())
                .contains("spec");
        assertThat(ask(about.replace(spec.id().hex(), Hash.ZERO.hex()), AnswerForms.stream(spec, quants))
                        .said())
                .contains("another chain's");
        assertThat(ask(about, GOOD).exit()).isEqualTo(1);
    }

    @Test
    void showsItsKeyToANodeThatDemandsOne() throws IOException {
        ChainSpec spec = spec("main", "'engine':'pow','difficulty':16", "");
        List<Quant> quants = chain(spec);
        String stream = AnswerForms.stream(spec, quants);
        assertThat(ask(about(spec), stream, Map.of("QBC_KEY", "qbc_1_2"), "qbc_1_2"))
                .isEqualTo(new Result(0, verdict(spec, quants)));
        assertThat(ask(about(spec), stream, Map.of("QBC_KEY", "qbc_1_3"), "qbc_1_2"))
                .isEqualTo(new Result(2, "not read from height 0 on: <HTTPError 401: 'Unauthorized'>"));
    }

    /** A spec as a node reads it, with every default. */
    private static ChainSpec spec(String name, String consensus, String more) {
        String spec = "{'name':'" + name + "','consensus':{" + consensus + "}" + more + "}";
        return ChainSpecReader.read(
                Bytes.utf8(spec.replace('\'', '"')), "x.json", Samples.SIGNER.key(), Samples.GENESIS_TIME);
    }

    private static String about(ChainSpec spec) {
        return "{\"id\":\"" + spec.id() + "\",\"name\":\"main\",\"spec\":"
                + spec.document().text() + "}";
    }

    private static ChainSpec fork(ChainSpec parent, List<Quant> shared, String consensus) {
        Header at = shared.get(shared.size() - 1).header();
        return spec(
                "fork",
                consensus,
                ",'genesisTime':%d,'fork':{'chain':'%s','height':%d,'quant':'%s','treeSize':%d,'root':'%s'}"
                        .formatted(at.timestamp() + 1, parent.id(), at.height(), at.hash(), at.treeSize(), at.root()));
    }

    private static Tip tip(ChainSpec fork, ChainSpec parent, List<Quant> shared) {
        Tip tip = Tip.genesis(parent);
        for (Quant quant : shared) {
            tip = next(parent, tip, quant);
        }
        return Tip.fork(fork, tip.head(), tip.frontier(), tip.times());
    }

    private static Tip next(ChainSpec spec, Tip tip, Quant quant) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        QuantRules rules = new QuantRules(spec, engine, Ed25519.VERIFIER, 0);
        long now = quant.header().timestamp();
        return ((Outcome.Valid) rules.judge(tip, quant.compactQuant(), List.of(), 0, now)).tip();
    }

    private static List<Quant> chain(ChainSpec spec) {
        return chain(spec, 6);
    }

    private static List<Quant> chain(ChainSpec spec, int length) {
        return chain(spec, Tip.genesis(spec), length);
    }

    private static List<Quant> chain(ChainSpec spec, Tip parent, int length) {
        List<Quant> quants = new ArrayList<>();
        Tip tip = parent;
        int n = (int) parent.head().header().treeSize();
        for (int count : List.of(2, 3, 0, 1, 6, 1, 0, 0, 0, 0, 0, 0).subList(0, length)) {
            List<Transaction> transactions = new ArrayList<>();
            for (int i = 0; i < count; i++, n++) {
                String json = PAYLOADS.get(n % PAYLOADS.size());
                transactions.add(n % 4 == 2 ? signed(spec, n, json) : Samples.transaction(spec, n, json));
            }
            long now = Math.max(parent.head().header().timestamp(), Samples.GENESIS_TIME) + 1000L * (quants.size() + 1);
            Quant quant = Samples.quant(spec, tip, transactions, now);
            quants.add(quant);
            tip = next(spec, tip, quant);
        }
        return quants;
    }

    private static Transaction signed(ChainSpec spec, int n, String json) {
        Transaction plain = Samples.transaction(spec, n, json);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                plain.body().timestamp(),
                Bytes.utf8("order \"" + n + "\""),
                Samples.OTHER.key(),
                Bytes.utf8("shop/order \"data\":{é"),
                7,
                plain.body().commitment(),
                plain.body().length());
        Hash id =
                Transaction.of(body, plain.salt(), Bytes.EMPTY, plain.payload()).id();
        Bytes signature = Samples.OTHER.sign(Canonical.transactionSigned(id));
        return Transaction.of(body, plain.salt(), signature, plain.payload());
    }

    private static String verdict(ChainSpec spec, List<Quant> quants) {
        Header head = quants.isEmpty()
                ? spec.genesis()
                : quants.get(quants.size() - 1).header();
        return "sound: chain %s, %d quants, %d transactions, head %s"
                .formatted(spec.id(), quants.size() + 1, head.treeSize(), head.hash());
    }

    private void forged(String what, String stream, String said) {
        assertThat(stream.equals(GOOD)).as("%s changes nothing", what).isFalse();
        Result result = recompute(stream);
        assertThat(result.exit()).as(what).isEqualTo(1);
        assertThat(result.said()).as(what).startsWith("unsound at height").contains(said);
    }

    /** The second quant with a digit of this member turned. */
    private static String hex(String member) {
        int at = GOOD.indexOf("\"" + member + "\":\"", GOOD.indexOf("\"height\":1,")) + member.length() + 4;
        char other = GOOD.charAt(at) == '0' ? '1' : '0';
        return GOOD.substring(0, at) + other + GOOD.substring(at + 1);
    }

    /** The chain with a last quant whose hash fits its header, but not the difficulty. */
    private static String nonce() {
        Quant last = POW.get(POW.size() - 1);
        for (int nonce = 0; ; nonce++) {
            Quant other = new Quant(
                    last.header().withProof(Bytes.hex("%016x".formatted(nonce))), last.seals(), last.transactions());
            if (other.header().hash().bytes()[0] < 0) {
                return GOOD.replace(AnswerForms.quant(last), AnswerForms.quant(other));
            }
        }
    }

    /** A chain of the number game whose last quant has the proof of the one before. */
    private static String number() {
        ChainSpec spec = spec("main", "'engine':'classic'", "");
        List<Quant> quants = chain(spec);
        Quant last = quants.get(5);
        Quant other =
                new Quant(last.header().withProof(quants.get(4).header().proof()), last.seals(), last.transactions());
        return AnswerForms.stream(spec, quants).replace(AnswerForms.quant(last), AnswerForms.quant(other));
    }

    private static Result recompute(String stream) {
        try {
            Path file = Files.writeString(Files.createTempFile(directory, "quants", ".ndjson"), stream);
            return RecomputeScript.run(ProcessBuilder.Redirect.from(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Result ask(String about, String stream) throws IOException {
        return ask(about, stream, Map.of(), "");
    }

    /** As a node answers that demands this key, or none. */
    private static Result ask(String about, String stream, Map<String, String> environment, String key)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chains/main", exchange -> {
            boolean quants = exchange.getRequestURI().getPath().endsWith("/quants");
            String accept = exchange.getRequestHeaders().getFirst("Accept");
            boolean right = !quants || "application/x-ndjson".equals(accept);
            boolean permitted = key.isEmpty()
                    || ("Bearer " + key).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = (quants ? stream : about).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(!permitted ? 401 : right ? 200 : 406, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            return RecomputeScript.run(
                    environment,
                    ProcessBuilder.Redirect.PIPE,
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chains/main");
        } finally {
            server.stop(0);
        }
    }
}
