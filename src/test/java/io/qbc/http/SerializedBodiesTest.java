package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies in the form of Java's own serialization, at every route that takes one: refused, whatever they call it. */
class SerializedBodiesTest {
    private static final byte[] OBJECT = serialized();
    private static final Map<String, String> TYPES = Map.of(
            "json", "application/json",
            "lines", "application/x-ndjson",
            "bytes", "application/octet-stream",
            "java", "application/x-java-serialized-object");
    private static HttpFixture httpFixture;

    @BeforeAll
    static void begin() {
        httpFixture = new HttpFixture();
    }

    @AfterAll
    static void end() {
        httpFixture.close();
    }

    private static byte[] serialized() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("a")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        assertThat(bytes.toByteArray()).startsWith(0xac, 0xed, 0x00, 0x05);
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chains/main/transactions,json,400",
        "/v1/chains/main/transactions,bytes,415",
        "/v1/chains/main/transactions,java,415",
        "/v1/chains/main/operations,json,400",
        "/v1/chains/main/operations,java,415",
        "/v1/chains/main/forks,json,400",
        "/v1/chains/main/forks,java,415",
        "/v1/chains,json,400",
        "/v1/chains,java,415",
        "/v1/peers,json,400",
        "/v1/peers,java,415",
        "/v1/access,json,400",
        "/v1/access,java,415",
        "/v1/backup,json,400",
        "/inject,json,400",
        "/inject,java,415",
        "/add-block,json,400",
        "/add-block,java,415",
        "/discover,json,400",
        "/discover,java,415"
    })
    void isRefused(String path, String type, int status) {
        HttpResponse<String> answer = httpFixture.send(httpFixture
                .request(path)
                .header("Content-Type", TYPES.get(type))
                .POST(BodyPublishers.ofByteArray(OBJECT)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }
}
