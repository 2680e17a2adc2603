package io.qbc.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.remote.CommandFixture.Ended;
import io.qbc.config.PrivateFile;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.http.FakeNode;
import io.qbc.http.HttpFixture;
import io.qbc.ledger.TransactionRules;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against the real routes of the API. */
class RemoteCommandsTest {
    private static final String KEY = Samples.OTHER.key().hex();

    @TempDir
    Path directory;

    private HttpFixture httpFixture;
    private CommandFixture qbc;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
        qbc = new CommandFixture(httpFixture.request("").build().uri().toString());
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private List<Transaction> taken() {
        return taken(httpFixture.node);
    }

    private static List<Transaction> taken(FakeNode node) {
        return node.injects.stream()
                .flatMap(inject -> inject.submissions().stream())
                .map(submission -> submission.transaction())
                .toList();
    }

    @Test
    void transactionsAreListedByKeyAndType() {
        qbc.words("inject {\"n\":1} --type order --once o-7");
        assertThat(qbc.words("transactions --key o-7").lines())
                .anyMatch(line -> line.contains("pending  order  {\"n\":1}"));
        assertThat(qbc.words("transactions").lines()).hasSize(1);
        qbc.words("leap");
        qbc.words("inject {\"n\":2}");
        qbc.words("leap");
        assertThat(qbc.words("transactions main --newest").lines())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(1)).startsWith("2").endsWith("{\"n\":2}"));
        assertThat(qbc.words("transactions --type order --limit 5 --from 1h").lines())
                .hasSize(2);
        assertThat(qbc.words("transactions --json").out()).startsWith("{\"transactions\":[");
        assertThat(qbc.words("transactions --author 12").code()).isNotZero();
        assertThat(qbc.words("transactions --from soon").code()).isEqualTo(2);
    }

    @Test
    void figuresAreShownInATable() {
        Ended all = qbc.words("analytics main --from 2026-11-28T10:00:00Z --to 2026-11-28T10:02:00Z --step minute");
        assertThat(all.code()).isZero();
        assertThat(all.lines())
                .containsExactly(
                        "TIME                  TRANSACTIONS  BYTES  QUANTS  P50 MS  P99 MS  FINALITY MS",
                        "2026-11-28T10:00:00Z  3             300    1       20              5",
                        "2026-11-28T10:01:00Z  3             300    1       20              5");
        assertThat(qbc.words("analytics --by type --from 1h --step hour").lines())
                .anyMatch(line -> line.startsWith("other  "));
        assertThat(qbc.words("analytics --json").out()).startsWith("{\"from\":");
        assertThat(qbc.words("analytics --from soon").code()).isEqualTo(2);
        assertThat(qbc.words("analytics --step second").code()).isNotZero();
    }

    @Test
    void dataComesFromTheArgumentAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(directory.resolve("order.json"), "\n{ \"a\" : 1.0 }\n");
        Ended argument = qbc.run("inject", "{\"a\":\"é\"}");
        assertThat(argument.code()).isZero();
        assertThat(qbc.run("inject", "@" + file).code()).isZero();
        assertThat(qbc.runWith("[1e400]\n", "inject", "-").code()).isZero();
        assertThat(qbc.run("inject", "it's \"five\"", "--text").code()).isZero();
        assertThat(taken())
                .extracting(transaction -> transaction.payload().text())
                .containsExactly("{\"a\":\"é\"}", "{ \"a\" : 1.0 }", "[1e400]", "\"it's \\\"five\\\"\"");
        assertThat(argument.out()).isEqualToIgnoringNewLines(taken().get(0).id() + "  pending");
        assertThat(argument.err()).isEmpty();
    }

    @Test
    void theKeyOfOnceMakesASecondTryTheSame() {
        assertThat(qbc.run("inject", "1", "--once", "ä 1").out())
                .isEqualTo(qbc.run("inject", "1", "--once", "ä 1").out());
        assertThat(qbc.run("inject", "2", "--once", "ä 1")).satisfies(other -> {
            assertThat(other.code()).isEqualTo(4);
            assertThat(other.err()).contains("key_reused", "--once");
        });
    }

    @Test
    void linesAreABatchAndABadOneFailsAlone() {
        httpFixture.post(
                "/v1/chains", "{\"name\":\"ruled\",\"consensus\":{\"engine\":\"dbc\"},\"rules\":{\"schema\":{}}}");
        String lines = "{\"n\":1}\n\n{\"n\":\n{\"n\":3}\n\"bad\"\n6\n";
        Ended batch = qbc.runWith(lines, "inject", "-", "--lines", "--once", "f", "--chain", "ruled");
        assertThat(batch.code()).isEqualTo(4);
        assertThat(batch.lines()).hasSize(3);
        assertThat(batch.err())
                .contains("line 3: the data is no JSON", "line 5: The data breaks", "3 transactions taken");
        assertThat(taken(httpFixture.chains.of("ruled")))
                .extracting(Transaction::body)
                .extracting(body -> body.key().text())
                .containsExactly("f-1", "f-4", "f-6");
    }

    @Test
    void manyLinesGoInSeveralBatches() {
        String lines =
                Stream.iterate(0, n -> n + 1).limit(1203).map(String::valueOf).collect(Collectors.joining("\n"));
        Ended batch = qbc.runWith(lines, "inject", "-", "--lines");
        assertThat(batch.code()).isZero();
        assertThat(batch.lines()).hasSize(1203);
        assertThat(taken())
                .extracting(transaction -> transaction.payload().text())
                .containsExactly(lines.split("\n", -1));
    }

    @Test
    void signedTransactionsKeepEveryRule() {
        Ended signed = qbc.run("inject", "{ \"b\" : 2 }", "--type", "t", "--key", "alice", "--once", "k");
        assertThat(signed.err()).isEmpty();
        assertThat(signed.code()).isZero();
        assertThat(qbc.runWith("1\n2\n", "inject", "-", "--lines", "--key", CommandFixture.KEY.toString())
                        .code())
                .isZero();
        TransactionRules rules = new TransactionRules(httpFixture.node.spec.id(), 1 << 20, Ed25519.VERIFIER);
        assertThat(taken()).hasSize(3).allSatisfy(transaction -> {
            assertThat(rules.check(transaction)).isEmpty();
            assertThat(transaction.body().author()).isEqualTo(Samples.OTHER.key());
        });
        assertThat(taken().get(0).body().key()).isEqualTo(Bytes.utf8("k"));
        assertThat(taken().get(0).payload().text()).isEqualTo("{ \"b\" : 2 }");
        assertThat(qbc.run("inject", "1", "--key", "bob")).satisfies(nobody -> {
            assertThat(nobody.code()).isEqualTo(2);
            assertThat(nobody.err()).contains("qbc keys");
        });
    }

    @Test
    void readsTransactionsAndQuantsAndLeaps() {
        qbc.run("inject", "{ \"a\": 1 }", "--type", "order");
        Transaction transaction = taken().get(0);
        Ended leaped = qbc.words("leap");
        assertThat(leaped.out()).contains("quant 1  ", "1 transaction");
        Ended read = qbc.run("read", transaction.id().hex());
        assertThat(read.code()).isZero();
        assertThat(read.lines())
                .contains(
                        "id     " + transaction.id(),
                        "state  committed",
                        "quant  1",
                        "type   order",
                        "data   { \"a\": 1 }");
        assertThat(qbc.run("read", transaction.id().hex(), "--raw").out()).isEqualToIgnoringNewLines("{ \"a\": 1 }");
        String hash = httpFixture.node.quant(1).header().hash().hex();
        for (String what : List.of("read", "read head", "read 1", "read " + hash)) {
            assertThat(qbc.words(what).lines()).as(what).contains("hash          " + hash, "transactions  1");
        }
        assertThat(qbc.words("read 1").out()).contains(transaction.id() + "  order  {\"a\":1}");
    }

    @Test
    void jsonIsWhatTheNodeAnswers() {
        assertThat(qbc.words("chains --json").out().strip())
                .isEqualTo(httpFixture.get("/v1/chains").body().strip());
        assertThat(qbc.words("read 0 --json").out().strip())
                .isEqualTo(httpFixture.get("/v1/chains/main/quants/0").body().strip());
        assertThat(qbc.words("consensus --json").out().strip())
                .isEqualTo(httpFixture.get("/v1/chains/main/consensus").body().strip());
        assertThat(qbc.words("chains nowhere --json").out().strip())
                .isEqualTo(httpFixture.get("/v1/chains/nowhere").body().strip())
                .contains("chain_unknown");
    }

    @Test
    void peersAreShownBannedAndLetInAgain() {
        Ended banned = qbc.words("peers ban 203.0.113.7 --time 2h --reason loud");
        assertThat(banned.code()).isZero();
        assertThat(banned.lines())
                .contains(
                        "peer    203.0.113.7", "until   1970-01-01T02:00:00.005Z", "reason  loud", "by      operator");
        assertThat(qbc.words("peers bans").lines())
                .contains("PEER         UNTIL                     BY        REASON")
                .contains("203.0.113.7  1970-01-01T02:00:00.005Z  operator  loud");
        assertThat(qbc.words("peers list --json").out().strip())
                .isEqualTo(httpFixture.get("/v1/peers").body().strip());
        assertThat(qbc.words("peers list").lines()).first().asString().startsWith("ADDRESS  STATE");
        assertThat(qbc.words("peers unban 203.0.113.7").code()).isZero();
        Ended again = qbc.words("peers unban 203.0.113.7");
        assertThat(again.code()).isNotZero();
        assertThat(again.err()).contains("ban_unknown");
        assertThat(qbc.words("peers ban 203.0.113.8 --time soon").err()).contains("time is how long");
    }

    @Test
    void chainsAreMadeForkedAndShown() {
        Ended banged = qbc.run("bang", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"poa\"}}");
        assertThat(banged.code()).isZero();
        assertThat(banged.lines()).contains("name          orders", "engine        poa");
        assertThat(qbc.run("bang", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"poa\"}}")
                        .err())
                .contains("it was here before");
        qbc.words("leap");
        assertThat(qbc.words("fork twin").out()).contains("twin", "fork of");
        assertThat(qbc.run("fork", "third", "--at", "0", "--with", "{\"consensus\":{\"engine\":\"dpos\"}}")
                        .out())
                .contains("dpos");
        Ended table = qbc.words("chains");
        assertThat(table.lines().get(0)).startsWith("NAME    ENGINE  HEIGHT");
        assertThat(table.lines()).hasSize(5).anyMatch(line -> line.startsWith("orders  poa"));
        assertThat(qbc.words("chains orders").lines()).contains("name          orders");
        assertThat(qbc.words("consensus").out()).contains("PARTICIPANT", "barred", "final      1");
    }

    @Test
    void everyOperationHasACommandThatTheNodeUnderstands() {
        Set<String> made = new TreeSet<>();
        for (String engine : List.of("poa", "pos", "dpos")) {
            httpFixture.post(
                    "/v1/chains", "{\"name\":\"" + engine + "\",\"consensus\":{\"engine\":\"" + engine + "\"}}");
        }
        for (String line : List.of(
                "vote add " + KEY + " --chain poa --force",
                "vote remove " + KEY + " --chain poa",
                "stake bond 5 --chain pos",
                "stake unbond 5 --chain pos",
                "stake transfer 5 " + KEY + " --chain pos",
                "vote for " + KEY + " --chain dpos",
                "stand yes --chain dpos",
                "stand no --chain dpos")) {
            Ended ended = qbc.words(line);
            assertThat(ended.err()).as(line).isEmpty();
            assertThat(ended.code()).as(line).isZero();
        }
        for (String engine : List.of("poa", "pos", "dpos")) {
            httpFixture.chains.of(engine).operations.stream()
                    .map(Operate::type)
                    .map(Bytes::text)
                    .forEach(made::add);
        }
        assertThat(made)
                .isEqualTo(Stream.of("poa", "pos", "dpos")
                        .flatMap(engine -> Engines.operations(engine).stream())
                        .map(OperationForm::type)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void anOperationSignedWithAnotherKeyIsInjected() {
        httpFixture.post("/v1/chains", "{\"name\":\"poa\",\"consensus\":{\"engine\":\"poa\"}}");
        assertThat(qbc.words("vote add " + KEY + " --chain poa --key alice --force")
                        .code())
                .isZero();
        FakeNode chain = httpFixture.chains.of("poa");
        Transaction vote = taken(chain).get(0);
        assertThat(new TransactionRules(chain.spec.id(), 1 << 20, Ed25519.VERIFIER).check(vote))
                .isEmpty();
        assertThat(Engines.operations("poa").get(0).fault(vote.payload())).isEmpty();
        assertThat(chain.operations).isEmpty();
    }

    @Test
    void aVoteThatWouldStopAChainOfOneSignerIsNotCast() {
        httpFixture.post("/v1/chains", "{\"name\":\"poa\",\"consensus\":{\"engine\":\"poa\"}}");
        Ended ended = qbc.words("vote add " + KEY + " --chain poa");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("the chain poa has one signer", "--force");
        assertThat(httpFixture.chains.of("poa").operations).isEmpty();
        assertThat(qbc.words("vote add " + KEY + " --chain none").code()).isEqualTo(5);
        assertThat(qbc.words("vote add " + Samples.SIGNER.key().hex() + " --chain poa")
                        .code())
                .isZero();
    }

    @Test
    void exitCodesTellWhatHappened() throws IOException {
        assertThat(qbc.run("inject", "{\"a\":1").code()).isEqualTo(4);
        assertThat(qbc.run("inject", "1", "--type", "x".repeat(300)).code()).isEqualTo(4);
        assertThat(qbc.words("leap --chain nowhere").code()).isEqualTo(5);
        assertThat(qbc.words("read 99").code()).isEqualTo(5);
        assertThat(qbc.words("read " + KEY).code()).isEqualTo(5);
        assertThat(qbc.words("inject 1 --wait 1s").code()).isEqualTo(7);
        String id = httpFixture.node.spec.id().hex();
        assertThat(qbc.words("inject 1 --wait 1s --chain " + id).err()).contains(" --chain " + id);
        httpFixture.node.refuse(Reason.POOL_FULL);
        assertThat(qbc.words("inject 1").code()).isEqualTo(8);
        httpFixture.node.refuse(Reason.NOT_DUE);
        assertThat(qbc.words("leap").code()).isEqualTo(8);
        httpFixture.node.refuse(Reason.INTERNAL);
        assertThat(qbc.words("inject 1").code()).isEqualTo(1);
        String url;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(qbc.words("chains --timeout 50ms --url " + url).code()).isEqualTo(7);
        }
        assertThat(qbc.words("chains --url " + url)).satisfies(nobody -> {
            assertThat(nobody.code()).isEqualTo(6);
            assertThat(nobody.err()).contains("no node answers at " + url, "qbc run", "--url");
        });
    }

    @Test
    void whatIsNotAcceptableSaysWhatToDoAndSendsNothing() {
        refused("inject", "inject needs the data");
        refused("inject @absent.json", "absent.json does not exist");
        refused("inject 1 --timeout 5", "--timeout must be a time like");
        refused("inject 1 --lines --wait 1s", "--wait is for one transaction");
        refused("inject 1 --once ", "--once must have 1 to 255 bytes");
        refused("read nothing", "read takes an id");
        refused("read 1 --raw", "--raw is for a transaction's id");
        refused("vote", "vote needs one of add, remove, for");
        refused("vote add me", "a public key has 64 hexadecimal digits");
        refused("stake bond 0", "the amount must be a whole number");
        refused("fork", "fork needs the fork's name");
        refused("fork x --at -1", "--at");
        refused("tail --from 1 --after 2-x", "only one can be given");
        refused("chains --url ftp://x", "--url must be like");
        refused("chains --nope", "--nope");
        assertThat(taken()).isEmpty();
    }

    private void refused(String line, String words) {
        Ended ended = qbc.words(line);
        assertThat(ended.err()).as(line).contains(words);
        assertThat(ended.err().lines()).as(line).hasSize(1).allMatch(text -> text.startsWith("qbc: "));
        assertThat(ended.code()).as(line).isEqualTo(2);
    }

    @Test
    void tailPrintsWhatIsThereAndEndsWhenItHasEnough() {
        qbc.run("inject", "{\"a\":1}");
        qbc.run("inject", "2");
        qbc.words("leap");
        Ended quants = qbc.words("tail --from 0 --count 2");
        assertThat(quants.code()).isZero();
        assertThat(quants.lines()).hasSize(2);
        assertThat(quants.lines().get(1)).startsWith("1  ").endsWith("  2 transactions");
        assertThat(qbc.words("tail --from 0 --count 2 --transactions").lines())
                .containsExactly(
                        "1  " + taken().get(0).id() + "  {\"a\":1}",
                        "1  " + taken().get(1).id() + "  2");
        assertThat(qbc.words("tail --from 1 --count 1 --json").out())
                .startsWith("{\"event\":\"quant\",\"id\":\"1-")
                .contains("\"height\":1,");
        assertThat(qbc.words("tail --chain main@0 --from 1").code()).isZero();
    }

    @Test
    void aKeyIsShownFromTheEnvironmentOrAFileThatOnlyItsOwnerMayUse() throws IOException {
        httpFixture.close();
        httpFixture = HttpFixture.required();
        qbc = new CommandFixture(httpFixture.request("").build().uri().toString());
        String key = httpFixture.key("writer", "reader");
        for (String command : List.of("chains", "inject 1")) {
            Ended unknown = qbc.words(command);
            assertThat(unknown.code()).isEqualTo(ExitCode.REFUSED.number());
            assertThat(unknown.err()).contains("QBC_KEY or --credential");
            assertThat(qbc.withKey("qbc_000000000000_" + "0".repeat(64))
                            .words(command)
                            .err())
                    .contains("credential_required");
            assertThat(qbc.withKey(key).words(command).code()).as(command).isZero();
        }
        assertThat(qbc.withKey(key).words("leap").err()).contains("this needs the role sealer");
        Path file = directory.resolve("shop.credential");
        PrivateFile.write(file, key + "\n");
        assertThat(qbc.run("inject", "2", "--credential", file.toString()).code())
                .isZero();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Ended open = qbc.run("inject", "3", "--credential", file.toString());
        assertThat(open.code()).isEqualTo(ExitCode.UNACCEPTABLE.number());
        assertThat(open.err()).contains("chmod 600");
        PrivateFile.write(file, key + "\n" + key);
        Ended two = qbc.run("inject", "3", "--credential", file.toString());
        assertThat(two.code()).isEqualTo(ExitCode.UNACCEPTABLE.number());
        assertThat(two.err()).contains("must have an API key").doesNotContain(key);
        assertThat(taken()).hasSize(2);
    }
}
