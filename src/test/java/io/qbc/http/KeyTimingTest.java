package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.KeyRing;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long a wrong key takes to be refused: whether that tells an unknown id from a known one, or how much of a secret
 * was right. Runs when asked to, on a quiet machine, since time fails no build: {@code mvn test -Dtest=KeyTimingTest
 * -Dqbc.timing=20000}, the number of requests of each kind.
 */
@EnabledIfSystemProperty(named = "qbc.timing", matches = "[1-9][0-9]*", disabledReason = "needs -Dqbc.timing=20000")
class KeyTimingTest {
    /** What is usually taken for a leak (Welch's t, in the manner of dudect). */
    private static final double LEAK = 4.5;
    /** The slowest of all are about the machine; they are left out of all kinds alike. */
    private static final double KEPT = 0.9;

    private static final int WARM = 5;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

    private final int count = Integer.getInteger("qbc.timing", 0);
    private final Random random = new Random(1);

    @Test
    void aRefusalTakesAsLongWhateverIsWrong(TestReporter reporter) throws IOException {
        try (HttpFixture httpFixture = HttpFixture.required()) {
            Map<String, String> kinds = kinds(httpFixture.key("reader"));
            try (Caller caller = new Caller(httpFixture.port())) {
                Map<String, double[]> nanos = interleaved(kinds, key -> caller.refused(key));
                report("requests", nanos, reporter);
                assertNoLeak(nanos, List.copyOf(kinds.keySet()));
            }
        }
    }

    /** The comparison alone, where a difference would be seen best. */
    @Test
    void theComparisonTakesAsLongWhereverASecretIsWrong(TestReporter reporter) throws IOException {
        ApiKey.Token token = ApiKey.Token.of(bytes(ApiKey.ID_BYTES), bytes(ApiKey.SECRET_BYTES));
        ApiKey.Request request =
                new ApiKey.Request("a", List.of(Grant.parse("reader").orElseThrow()), OptionalLong.empty());
        KeyRing ring = new KeyRing(List.of(ApiKey.made(token, request, 0)));
        assertThat(ring.prove(token.text(), 0)).isPresent();
        Map<String, double[]> nanos = interleaved(
                kinds(token.text()),
                key -> assertThat(ring.prove(key, 0).isEmpty()).isTrue());
        report("comparisons", nanos, reporter);
        assertNoLeak(nanos, List.of("first digit wrong", "last digit wrong"));
    }

    /** Something that is done with a key and measured. */
    @FunctionalInterface
    private interface Work {
        void with(String key) throws IOException;
    }

    private static Map<String, String> kinds(String key) {
        int secret = key.lastIndexOf('_') + 1;
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("unknown id", "qbc_" + "0".repeat(2 * ApiKey.ID_BYTES) + key.substring(secret - 1));
        kinds.put("first digit wrong", other(key, secret));
        kinds.put("last digit wrong", other(key, key.length() - 1));
        return kinds;
    }

    private static String other(String key, int at) {
        char digit = key.charAt(at) == '0' ? '1' : '0';
        return key.substring(0, at) + digit + key.substring(at + 1);
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Nanoseconds of each kind, all kinds in a new order in each round. */
    private Map<String, double[]> interleaved(Map<String, String> kinds, Work work) throws IOException {
        Map<String, double[]> nanos = new LinkedHashMap<>();
        kinds.keySet().forEach(kind -> nanos.put(kind, new double[count]));
        List<String> order = new ArrayList<>(kinds.keySet());
        for (int round = -count / WARM; round < count; round++) {
            Collections.shuffle(order, random);
            for (String kind : order) {
                long begin = System.nanoTime();
                work.with(kinds.get(kind));
                long end = System.nanoTime();
                if (round >= 0) {
                    nanos.get(kind)[round] = end - begin;
                }
            }
        }
        return nanos;
    }

    private static void assertNoLeak(Map<String, double[]> nanos, List<String> kinds) {
        double limit = limit(nanos);
        for (String one : kinds) {
            for (String other : kinds) {
                double t = welch(below(nanos.get(one), limit), below(nanos.get(other), limit));
                assertThat(Math.abs(t)).as("%s against %s", one, other).isLessThan(LEAK);
            }
        }
    }

    private static void report(String what, Map<String, double[]> nanos, TestReporter reporter) {
        double limit = limit(nanos);
        List<String> kinds = List.copyOf(nanos.keySet());
        for (int i = 0; i < kinds.size(); i++) {
            double[] kept = below(nanos.get(kinds.get(i)), limit);
            reporter.publishEntry(what + ", " + kinds.get(i), "mean %.0f ns of %d".formatted(mean(kept), kept.length));
            for (int j = i + 1; j < kinds.size(); j++) {
                double[] other = below(nanos.get(kinds.get(j)), limit);
                double all = welch(nanos.get(kinds.get(i)), nanos.get(kinds.get(j)));
                reporter.publishEntry(
                        what + ", " + kinds.get(i) + " against " + kinds.get(j),
                        "t = %.2f, of all %.2f".formatted(welch(kept, other), all));
            }
        }
    }

    private static double limit(Map<String, double[]> nanos) {
        double[] all =
                nanos.values().stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        return all[(int) (KEPT * (all.length - 1))];
    }

    private static double[] below(double[] values, double limit) {
        return Arrays.stream(values).filter(value -> value <= limit).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }

    /** Welch's t of two samples. */
    private static double welch(double[] one, double[] other) {
        return (mean(one) - mean(other)) / Math.sqrt(variance(one) / one.length + variance(other) / other.length);
    }

    /** A caller who asks with one key after the other on one connection. */
    private static final class Caller implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final DataInputStream in;
        private final byte[] buffer = new byte[16 << 10];

        Caller(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        }

        void refused(String key) throws IOException {
            String request = "GET /v1/chains HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            int size = 0;
            int whole = Integer.MAX_VALUE;
            while (size < whole) {
                int read = in.read(buffer, size, buffer.length - size);
                if (read < 0) {
                    throw new EOFException("the node closed the connection");
                }
                size += read;
                String text = new String(buffer, 0, size, StandardCharsets.ISO_8859_1);
                int end = text.indexOf("\r\n\r\n");
                if (end >= 0) {
                    // After some mistakes the address has to wait, whatever it shows: 429.
                    assertThat(text).containsPattern("^HTTP/1.1 (401|429) ");
                    Matcher length = LENGTH.matcher(text);
                    assertThat(length.find()).isTrue();
                    whole = end + 4 + Integer.parseInt(length.group(1));
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
