package io.qbc.jmh;

import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The one pass over a request's body: checks it and finds the payload's span. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StrictJsonBenchmark extends MicroBenchmark {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Param({"170", "4096"})
    private int size;

    private Bytes body;

    @Setup
    public void prepare() {
        StringBuilder text = new StringBuilder("{\"data\":{\"order\":\"0000000000000001\",\"lines\":[");
        for (int i = 0; text.length() < size - 60; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"sku\":\"s-")
                    .append(i)
                    .append("\",\"count\":")
                    .append(i)
                    .append('}');
        }
        text.append("],\"note\":\"");
        while (text.length() < size - 3) {
            text.append('x');
        }
        body = Bytes.utf8(text.append("\"}}").toString());
    }

    @Benchmark
    public Optional<Bytes> checkAndFind() {
        return StrictJson.object(body, LIMITS).member("data");
    }
}
