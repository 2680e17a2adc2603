package io.qbc.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.cli.remote.CommandFixture.Ended;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code subscription} against a whole node. */
@QbcLedger
class SubscriptionCommandTest {
    private static Ended inject(CommandFixture qbc, int count, String type) {
        for (int n = 0; n < count; n++) {
            assertThat(qbc.run("inject", "{\"n\":" + n + ",\"at\":\"CH\"}", "--type", type)
                            .code())
                    .isZero();
        }
        return qbc.words("leap");
    }

    @Test
    void eventsAreFetchedAndCommitted(LedgerNode node) {
        CommandFixture qbc = new CommandFixture(node.url());
        assertThat(qbc.words("subscription add shop --type order.* --data --at head")
                        .lines())
                .anyMatch(line -> line.matches("kind +pull"))
                .anyMatch(line -> line.matches("state +active"));
        inject(qbc, 2, "order.made");
        inject(qbc, 1, "other");

        Ended fetched = qbc.words("subscription fetch shop --max 5 --consumer a --wait 5s");
        assertThat(fetched.code()).isZero();
        assertThat(fetched.lines()).hasSize(2);
        assertThat(new JsonObject(fetched.lines().get(1)).getJsonObject("data"))
                .isEqualTo(new JsonObject("{\"n\":1,\"at\":\"CH\"}"));
        assertThat(fetched.err()).contains("commit shop 3 --generation 0 --consumer a");
        assertThat(qbc.words("subscription fetch shop").err()).contains("subscription_leased");
        assertThat(qbc.words("subscription commit shop 4 --consumer a").code()).isNotZero();
        assertThat(qbc.words("subscription commit shop 3 --consumer a --generation 0")
                        .lines())
                .anyMatch(line -> line.matches("offset +3"));
        assertThat(qbc.words("subscription show shop").lines()).anyMatch(line -> line.matches("consumer +a"));
        assertThat(qbc.words("subscription release shop --consumer a").lines())
                .noneMatch(line -> line.startsWith("consumer"));
        assertThat(qbc.words("subscription release shop --consumer a --event 1").err())
                .contains("subscription_kind");
        assertThat(qbc.words("subscription fetch shop --consumer a --json").out())
                .startsWith("{\"events\":[]");
        assertThat(qbc.words("subscription list").lines().get(1)).matches("shop +pull +active +3 +0 +0 *");
    }

    @Test
    void oneIsMovedPausedAndRemoved(LedgerNode node) {
        CommandFixture qbc = new CommandFixture(node.url());
        inject(qbc, 3, "order");
        qbc.words("subscription add shop --pointer /n --equal 2 --from newest --at head");
        assertThat(qbc.words("subscription show shop").lines())
                .anyMatch(line -> line.matches("filter +\\{\"pointer\":\"/n\",\"equal\":2}"))
                .anyMatch(line -> line.matches("offset +3"));
        assertThat(qbc.words("subscription replay shop --from 0 --to 3").lines())
                .anyMatch(line -> line.matches("replay +0"));
        assertThat(qbc.words("subscription fetch shop").lines()).hasSize(1);
        assertThat(qbc.words("subscription seek shop oldest").lines()).anyMatch(line -> line.matches("offset +0"));
        assertThat(qbc.words("subscription pause shop").lines()).anyMatch(line -> line.matches("state +paused"));
        assertThat(qbc.words("subscription fetch shop").err()).contains("subscription_paused");
        assertThat(qbc.words("subscription resume shop").lines()).anyMatch(line -> line.matches("state +active"));
        assertThat(qbc.words("subscription remove shop").lines()).containsExactly("removed shop");
        assertThat(qbc.words("subscription show shop").err()).contains("subscription_unknown");
    }

    @Test
    void aWebhookShowsItsSecretOnce(LedgerNode node, @TempDir Path directory) throws IOException {
        CommandFixture qbc = new CommandFixture(node.url());
        assertThat(qbc.words("subscription add hook --webhook http://127.0.0.1:9/ --from newest")
                        .lines())
                .anyMatch(line -> line.startsWith("secret"));
        assertThat(qbc.words("subscription show hook").out()).doesNotContain("whsec_");
        assertThat(qbc.words("subscription secret hook").out()).contains("whsec_");
        assertThat(qbc.words("subscription dead hook").lines()).hasSize(1);
        assertThat(qbc.words("subscription retry hook 7").err()).contains("dead_letter_unknown");
        Path file = Files.writeString(directory.resolve("a.json"), "{\"at\":\"head\"}");
        assertThat(qbc.run("subscription", "add", "filed", "--file", file.toString())
                        .lines())
                .anyMatch(line -> line.matches("at +head"));
    }

    @Test
    void whatIsWrongIsSaid(LedgerNode node) {
        CommandFixture qbc = new CommandFixture(node.url());
        assertThat(qbc.words("subscription").code()).isEqualTo(2);
        assertThat(qbc.words("subscription add").code()).isEqualTo(2);
        assertThat(qbc.words("subscription add a --file b --data").code()).isEqualTo(2);
        assertThat(qbc.words("subscription add a --webhook http://a --address b")
                        .code())
                .isEqualTo(2);
        assertThat(qbc.words("subscription add a --kind post").err()).contains("subscription_invalid", "/deliver/kind");
        assertThat(qbc.words("subscription replay a --from 1").code()).isEqualTo(2);
        assertThat(qbc.words("subscription seek a").code()).isEqualTo(2);
        assertThat(qbc.words("subscription list").lines()).hasSize(1);
    }
}
