package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.api.stream.EventFeed.Place;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventRoutesTest {
    private static final String PATH = "/v1/chains/main/events";
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    /** The lines of a stream as they come. */
    private final class Reader {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final HttpResponse<Stream<String>> response;
        private final CompletableFuture<Void> reading;

        Reader(String query, String... headers) {
            var request = httpFixture.request(PATH + query);
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            response = httpFixture.send(request, BodyHandlers.ofLines());
            // Readers of streams that do not end would take the common pool's threads, of which there may be one.
            reading = CompletableFuture.runAsync(
                    () -> response.body().forEach(lines::add), reader -> new Thread(reader).start());
            await().until(() -> !lines.isEmpty());
        }

        /** The id that the stream began with. */
        String opening() {
            await().until(() -> allIds().count() > 0);
            return allIds().findFirst().orElseThrow();
        }

        /** The ids of the events. */
        List<String> ids() {
            return allIds().skip(1).toList();
        }

        private Stream<String> allIds() {
            return lines.stream().filter(line -> line.startsWith("id: ")).map(line -> line.substring(4));
        }

        List<String> events() {
            return lines.stream()
                    .filter(line -> line.startsWith("event: "))
                    .map(line -> line.substring(7))
                    .toList();
        }

        void has(String... ids) {
            await().untilAsserted(() -> assertThat(ids()).containsExactly(ids));
        }
    }

    private static String id(Quant quant) {
        return new Place(quant.header().height(), quant.header().hash()).text();
    }

    @Test
    void tellsWhatComesAfterTheHead() {
        httpFixture.node.leap(List.of());
        Reader reader = new Reader("");
        assertThat(reader.response.headers().firstValue("Content-Type")).contains("text/event-stream");
        String first = id(httpFixture.node.leap(httpFixture.node.transactions(1, 2, 5)));
        String second = id(httpFixture.node.leap(List.of()));
        reader.has(first, second);
        assertThat(reader.events()).containsOnly("quant");
        assertThat(reader.lines).anyMatch(line -> line.startsWith("data: {") && line.contains("\"count\":2"));
    }

    /** A browser's EventSource comes back with the last id that it saw, be it that of a block without an event. */
    @Test
    void whoLosesTheConnectionBeforeTheFirstEventMissesNothing() {
        String head = id(httpFixture.node.leap(List.of()));
        Reader reader = new Reader("");
        assertThat(reader.opening()).isEqualTo(head);
        String[] missed = {id(httpFixture.node.leap(List.of())), id(httpFixture.node.leap(List.of()))};
        Reader back = new Reader("", "Last-Event-ID", reader.opening());
        assertThat(back.opening()).isEqualTo(head);
        back.has(missed);
        Reader all = new Reader("?from=0");
        Reader again = new Reader("", "Last-Event-ID", all.opening());
        await().untilAsserted(() -> assertThat(again.ids()).hasSize(4).startsWith(id(httpFixture.node.quant(0))));
    }

    @Test
    void anEmptyLastEventIdIsAsNone() {
        String head = id(httpFixture.node.leap(List.of()));
        assertThat(new Reader("", "Last-Event-ID", "").opening()).isEqualTo(head);
        assertThat(new Reader("?lastEventId=").opening()).isEqualTo(head);
        String genesis = id(httpFixture.node.quant(0));
        assertThat(new Reader("?lastEventId=" + genesis, "Last-Event-ID", "").opening())
                .isEqualTo(genesis);
    }

    @Test
    void noCacheKeepsAStreamAndNoProxyHoldsItBack() {
        Reader reader = new Reader("");
        assertThat(reader.response.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(reader.response.headers().firstValue("X-Accel-Buffering")).contains("no");
    }

    @Test
    void resumesAfterTheLastEventAndSkipsNothing() {
        String[] ids = Stream.generate(() -> id(httpFixture.node.leap(List.of())))
                .limit(50)
                .toArray(String[]::new);
        Reader header = new Reader("", "Last-Event-ID", ids[9]);
        header.has(List.of(ids).subList(10, 50).toArray(String[]::new));
        new Reader("?lastEventId=" + ids[48]).has(ids[49]);
        new Reader("?from=50").has(ids[49]);
        Reader all = new Reader("?from=0");
        await().untilAsserted(
                        () -> assertThat(all.ids()).hasSize(51).startsWith(id(httpFixture.node.quant(0)), ids[0]));
    }

    @Test
    void tellsWhatWasUndoneBeforeWhatTookItsPlace() {
        String base = id(httpFixture.node.leap(List.of()));
        String lost1 = id(httpFixture.node.leap(httpFixture.node.transactions(1, 1, 5)));
        String lost2 = id(httpFixture.node.leap(httpFixture.node.transactions(2, 1, 5)));
        Reader live = new Reader("?from=2");
        live.has(lost1, lost2);
        httpFixture.node.reorganise(2, 3);
        String[] now = Stream.of(2, 3, 4)
                .map(height -> id(httpFixture.node.quant(height)))
                .toArray(String[]::new);
        live.has(lost1, lost2, lost1, base, now[0], now[1], now[2]);
        assertThat(live.events()).containsExactly("quant", "quant", "undone", "undone", "quant", "quant", "quant");
        Reader away = new Reader("", "Last-Event-ID", lost2);
        away.has(lost1, base, now[0], now[1], now[2]);
        assertThat(away.events()).containsExactly("undone", "undone", "quant", "quant", "quant");
    }

    @Test
    void tellsWhatIsSupersededWithoutAPlaceInTheChain() {
        String base = id(httpFixture.node.leap(List.of()));
        Hash beaten = httpFixture.node.transactions(7, 1, 5).get(0).id();
        httpFixture.node.leap(httpFixture.node.transactions(7, 1, 5));
        Reader live = new Reader("", "Last-Event-ID", base);
        await().until(() -> live.ids().size() == 1);
        Hash standing = httpFixture.node.transactions(8, 1, 5).get(0).id();
        httpFixture.node.supersede(beaten, standing, false);
        await().untilAsserted(() -> assertThat(live.events()).containsExactly("quant", "superseded"));
        assertThat(live.ids()).hasSize(1);
        assertThat(live.lines)
                .contains("data: {\"chain\":\"" + httpFixture.node.spec.id() + "\",\"id\":\"" + beaten
                        + "\",\"state\":\"conflict\",\"standing\":\"" + standing + "\"}");
    }

    @Test
    void tellsOfASubscriptionThatStoppedByItself() {
        String base = id(httpFixture.node.leap(List.of()));
        Reader live = new Reader("");
        Reader asOf = new Reader("?from=1");
        assertThat(live.opening()).isEqualTo(base);
        httpFixture.node.disable("hook", "410: it is gone");
        await().untilAsserted(() -> assertThat(live.events()).containsExactly("subscription_disabled"));
        assertThat(live.ids()).isEmpty();
        assertThat(live.lines)
                .contains("data: {\"chain\":\"" + httpFixture.node.spec.id()
                        + "\",\"subscription\":\"hook\",\"error\":\"410: it is gone\"}");
        await().untilAsserted(() -> assertThat(asOf.events()).containsExactly("quant", "subscription_disabled"));
    }

    @Test
    void refusesWhatItCannotGoOnFrom() {
        assertThat(httpFixture.get(PATH + "?lastEventId=7-" + "ab".repeat(32)).statusCode())
                .isEqualTo(404);
        assertThat(httpFixture.get(PATH + "?lastEventId=seven").statusCode()).isEqualTo(400);
        assertThat(httpFixture.get(PATH + "?from=900").statusCode()).isEqualTo(404);
        assertThat(httpFixture
                        .send(httpFixture.request(PATH).method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aStreamEndsWhenItsChainIsRemoved() {
        Reader reader = new Reader("");
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 1);
        assertThat(httpFixture.delete("/v1/chains/main?confirm=main").statusCode())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(reader.reading).isCompleted());
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 0);
        assertThat(httpFixture.get(PATH).statusCode()).isEqualTo(404);
    }

    @Test
    void streamsAreCountedAndFreedWhenTheReaderLeaves() {
        Reader reader = new Reader("");
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(1);
        reader.response.body().close();
        await().until(() -> {
            httpFixture.node.leap(List.of());
            return httpFixture.sharedLimits.streams().inUse() == 0;
        });
        await().until(() -> httpFixture.sharedLimits.requests().inUse() == 0);
    }
}
