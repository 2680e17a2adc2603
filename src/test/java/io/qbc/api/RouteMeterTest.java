package io.qbc.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteMeterTest {
    private final RouteMeter meter = new RouteMeter("GET", "/v1/chains");

    @Test
    void countsByCodeAndTimesWhatIsTimed() {
        meter.timed(200, TimeUnit.MILLISECONDS.toNanos(2));
        meter.timed(200, TimeUnit.SECONDS.toNanos(30));
        meter.untimed(200);
        meter.untimed(503);
        List<RouteMeter.Reading> readings = meter.read();
        assertThat(readings).extracting(RouteMeter.Reading::code).containsExactly(200, 503);
        assertThat(readings).extracting(RouteMeter.Reading::requests).containsExactly(3L, 1L);
        assertThat(readings).extracting(RouteMeter.Reading::timed).containsExactly(2L, 0L);
        assertThat(readings.get(0).seconds()).isEqualTo(30.002);
        assertThat(readings.get(0).buckets()).hasSameSizeAs(RouteMeter.boundSeconds());
    }

    @Test
    void aBoundIsTheLargestOfItsBucket() {
        List<Double> bounds = RouteMeter.boundSeconds();
        for (int i = 0; i + 1 < bounds.size(); i++) {
            RouteMeter one = new RouteMeter("GET", "/");
            one.timed(200, Math.round(bounds.get(i) * 1e9));
            one.timed(200, Math.round(bounds.get(i) * 1e9) + 1000);
            List<Long> buckets = one.read().get(0).buckets();
            assertThat(buckets.get(i)).as("bound %s", bounds.get(i)).isOne();
            assertThat(buckets.get(i + 1)).as("after %s", bounds.get(i)).isOne();
        }
        assertThat(bounds.get(bounds.size() - 1)).isInfinite();
    }

    @Test
    void thereIsOneMeterForARoute() {
        Meters meters = new Meters(InstantSource.system());
        assertThat(meters.route("GET", "/a")).isSameAs(meters.route("GET", "/a"));
        assertThat(meters.route("PUT", "/a")).isNotSameAs(meters.route("GET", "/a"));
        assertThat(meters.routes()).hasSize(2);
    }
}
