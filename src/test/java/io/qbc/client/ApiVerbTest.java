package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.client.bus.EventBusTransport;
import io.qbc.client.transport.ApiVerb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client asks for what there is, and both of its forms do the same. */
class ApiVerbTest {
    private static final Path DOCUMENT = Path.of("src/main/resources/openapi.json");

    @ParameterizedTest
    @EnumSource
    void aVerbIsARouteOfTheApiDocument(ApiVerb verb) throws IOException {
        JsonObject paths = new JsonObject(Files.readString(DOCUMENT)).getJsonObject("paths");
        assertThat(paths.fieldNames()).contains(verb.path());
        JsonObject route = paths.getJsonObject(verb.path());
        String method = verb.method().toLowerCase(Locale.ROOT);
        assertThat(route.fieldNames()).contains(method);
        assertThat(route.getJsonObject(method).getString("x-qbc-address"))
                .isEqualTo(EventBusTransport.BASE + "." + verb.address());
    }

    @Test
    void whatBlocksDoesAllThatTheOtherDoes() {
        assertThat(names(BlockingQbcClient.class))
                .containsAll(names(QbcClient.class).toList());
    }

    private static Stream<String> names(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .distinct();
    }
}
