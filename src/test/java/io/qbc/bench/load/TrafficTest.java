package io.qbc.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bench sends and how it reads long answers. */
class TrafficTest {
    @ParameterizedTest
    @ValueSource(ints = {Payloads.BODY_BYTES_MIN, 170, 4096})
    void bodiesAreSoundJsonOfTheSizeAskedForAndAllDiffer(int size) {
        Payloads payloads = new Payloads(size);
        byte[] body = new byte[size];
        List<String> seen = new ArrayList<>();
        for (long n = 0; n < 600; n++) {
            assertThat(payloads.write(n, body, 0)).isEqualTo(size);
            assertThat(StrictJson.check(Bytes.wrap(body), new JsonLimits(1 << 16, 32)))
                    .isEmpty();
            seen.add(new String(body, StandardCharsets.US_ASCII));
        }
        assertThat(seen).doesNotHaveDuplicates().allMatch(text -> text.startsWith("{\"data\":{"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Payloads.BODY_BYTES_MIN, 170, 4096})
    void aTypeTakesPartOfTheSize(int size) {
        Payloads payloads = Payloads.typed(size, "order.placed");
        byte[] body = new byte[size];
        assertThat(payloads.write(7, body, 0)).isEqualTo(size);
        JsonObject read = new JsonObject(new String(body, StandardCharsets.US_ASCII));
        assertThat(read.getString("type")).isEqualTo("order.placed");
        assertThat(read.getJsonObject("data").getString("order")).isEqualTo("0000000000000007");
    }

    @Test
    void aBatchIsOneRequestWithALineEach() {
        Requests batches = new Payloads(170).batches(3);
        byte[] into = new byte[batches.bytesMax()];

        String request = new String(into, 0, batches.write(5, into), StandardCharsets.US_ASCII);

        String body = request.substring(request.indexOf("\r\n\r\n") + 4);
        assertThat(request).contains("application/x-ndjson").contains("Content-Length: " + body.length() + "\r\n");
        assertThat(body.lines().toList()).hasSize(3).anyMatch(line -> line.contains("000000000000000f"));
    }

    @Test
    void aCallerWithAKeyShowsItInEachRequest() {
        Requests keyed = new Payloads(170).single(Optional.of("qbc_00_11"));
        byte[] into = new byte[keyed.bytesMax()];
        String request = new String(into, 0, keyed.write(5, into), StandardCharsets.US_ASCII);
        assertThat(request).contains("\r\nAuthorization: Bearer qbc_00_11\r\n").hasSize(keyed.bytesMax());
        assertThat(new Payloads(170).single().bytesMax()).isLessThan(keyed.bytesMax());
    }

    @Test
    void findsIdsAcrossTheBordersOfItsBuffer() throws IOException {
        StringBuilder text = new StringBuilder();
        List<Hash> expected = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Hash id = Hash.at(Samples.seed("id" + i), 0);
            expected.add(id);
            text.append("{\"id\":\"")
                    .append(id)
                    .append("\",\"data\":")
                    .append("x".repeat(i % 60))
                    .append("}\n");
        }
        List<Hash> found = new ArrayList<>();

        IdScanner.scan(new ByteArrayInputStream(Http.ascii(text.toString())), found::add);

        assertThat(found).isEqualTo(expected);
        assertThat(IdScanner.first(text.toString(), 2)).isEqualTo(expected.subList(0, 2));
    }

    @Test
    void aStreamThatEndsEarlyIsNotWhole() throws IOException {
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer()
                    .requestHandler(request -> {
                        var response = request.response().setChunked(true);
                        response.write("x".repeat(500_000)).onSuccess(done -> {
                            if (request.path().equals("/whole")) {
                                response.end("y");
                            } else {
                                request.connection().close();
                            }
                        });
                    })
                    .listen(0, Http.HOST)
                    .await()
                    .actualPort();

            assertThat(StreamReader.read(port, "/whole", "text/plain").whole()).isTrue();
            assertThat(StreamReader.read(port, "/whole", "text/plain").bytes()).isGreaterThan(500_000);
            assertThat(StreamReader.read(port, "/broken", "text/plain").whole()).isFalse();
        } finally {
            vertx.close().await();
        }
    }
}
