package io.qbc.client.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of W3C Trace Context, in the form of version 00. */
class TraceFieldsTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private static String state(String text) {
        return TraceFields.of(PARENT, text).tracestate().orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "02", "ff"})
    void anyFlagsAreTaken(String flags) {
        String parent = "00-" + TRACE + "-" + SPAN + "-" + flags;
        assertThat(TraceFields.of(parent).fields()).isEqualTo(Map.of("traceparent", parent));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-000f067aa0ba902b7-01",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Field: x"
            })
    void anotherTraceparentIsRefused(String parent) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceFields.of(parent))
                .withMessageContaining("00-TRACE-SPAN-FLAGS")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n", "\r"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vendor=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "1a-_*/b@sys=x y", "a=!#+-./:;<>~"})
    void membersAreKeptAsTheyAre(String text) {
        assertThat(state(text)).isEqualTo(text);
    }

    @Test
    void nothingIsBetweenMembers() {
        assertThat(state(" a=1 ,\tb= 2\t,, ,c=3,")).isEqualTo("a=1,b= 2,c=3");
        assertThat(TraceFields.of(PARENT, " , ").tracestate()).isEmpty();
        assertThat(TraceFields.of(PARENT, "").fields()).containsOnlyKeys("traceparent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a=",
                "=1",
                "A=1",
                "1a=1",
                "a b=1",
                "a=1=2",
                "a=\u00e9",
                "a=1\r\nX-Field: x",
                "a=1\n",
                "\u000ba=1",
                "@sys=1",
                "a@=1",
                "a@1sys=1",
                "a@b@c=1",
                "a@systemsystemsys=1",
                "a=1,b=2,a=3"
            })
    void anotherTracestateIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceFields.of(PARENT, text))
                .withMessageContaining("tracestate")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n", "\r"));
    }

    @Test
    void keysAndValuesHaveTheirLengths() {
        String key = "k".repeat(256);
        assertThat(state(key + "=" + "v".repeat(255))).hasSize(512);
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFields.of(PARENT, key + "k=1"));
        assertThat(state("a=" + "v".repeat(256))).hasSize(258);
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFields.of(PARENT, "a=" + "v".repeat(257)));
        String tenant = "1".repeat(241) + "@s2345678901234";
        assertThat(state(tenant + "=1")).startsWith(tenant);
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFields.of(PARENT, "1" + tenant + "=1"));
        assertThat(state(members(32))).isEqualTo(members(32));
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFields.of(PARENT, members(33)));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(n -> "k" + n + "=1").collect(Collectors.joining(","));
    }

    @Test
    void ofALongStateLongMembersAreLeftOutFirst() {
        String longer = "l=" + "v".repeat(127);
        String shorter = IntStream.range(0, 5)
                .mapToObj(n -> "s" + n + "=" + "v".repeat(97))
                .collect(Collectors.joining(","));
        assertThat(shorter).hasSize(504);
        assertThat(state(longer + "," + shorter)).isEqualTo(shorter);
        assertThat(state(shorter + ",x=12345")).isEqualTo(shorter + ",x=12345");
        assertThat(state(shorter + ",x=123456")).isEqualTo(shorter);
    }

    @Test
    void theyAreFoundAmongOtherFields() {
        assertThat(TraceFields.among(Map.of("Traceparent", PARENT, "TraceState", "a=1", "baggage", "b=2")))
                .contains(TraceFields.of(PARENT, "a=1"));
        assertThat(TraceFields.among(Map.of("tracestate", "a=1"))).isEmpty();
        assertThat(TraceFields.among(Map.of())).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> TraceFields.among(Map.of("traceparent", "x")));
    }
}
