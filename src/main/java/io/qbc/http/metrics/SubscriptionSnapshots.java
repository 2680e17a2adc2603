package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.Meters;
import io.qbc.bus.Catalogue.SubscriptionInfo;
import io.qbc.bus.Catalogue.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The metrics of subscriptions: of all together, so that their number does not grow with theirs. */
final class SubscriptionSnapshots {
    private static final List<String> STATES = List.of("active", "retrying", "paused", "disabled", "damaged");
    private static final List<String> OUTCOMES = List.of("delivered", "throttled", "gone", "failed");
    private static final double SECOND_MILLIS = 1000;

    private SubscriptionSnapshots() {}

    static List<MetricSnapshot> of(Subscriptions found, Meters meters) {
        List<SubscriptionInfo> all = found.subscriptions();
        List<GaugeDataPointSnapshot> states = new ArrayList<>();
        for (String state : STATES) {
            states.add(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("state", state))
                    .value((double) all.stream()
                            .filter(info -> info.state().equals(state))
                            .count())
                    .build());
        }
        return List.of(
                attempts(meters),
                new GaugeSnapshot(
                        new MetricMetadata(
                                "qbc_subscriptions",
                                "Subscriptions by state; one that is disabled or damaged is an alarm."),
                        states),
                gauge(
                        "qbc_subscription_lag_events",
                        "How many transactions the subscription is behind that is behind most, of those that go on.",
                        most(all, SubscriptionInfo::lagEvents)),
                gauge(
                        "qbc_subscription_lag_seconds",
                        "How old the oldest transaction is that such a subscription has not acknowledged.",
                        most(all, SubscriptionInfo::lagMillis) / SECOND_MILLIS),
                gauge(
                        "qbc_subscription_failing_seconds",
                        "For how long attempts of that subscription have failed whose attempts fail for longest.",
                        all.stream()
                                        .filter(info -> info.state().equals("retrying"))
                                        .mapToLong(SubscriptionInfo::failingMillis)
                                        .max()
                                        .orElse(0)
                                / SECOND_MILLIS),
                gauge("qbc_subscription_dead_letters", "Dead letters of all subscriptions.", (double)
                        all.stream().mapToLong(SubscriptionInfo::dead).sum()));
    }

    private static CounterSnapshot attempts(Meters meters) {
        return new CounterSnapshot(
                new MetricMetadata("qbc_webhook_attempts", "Attempts to deliver by webhook, by what became of them."),
                OUTCOMES.stream()
                        .map(outcome -> CounterDataPointSnapshot.builder()
                                .labels(Labels.of("outcome", outcome))
                                .value((double) meters.webhookAttempts(outcome))
                                .build())
                        .toList());
    }

    private static double most(List<SubscriptionInfo> all, ToLongFunction<SubscriptionInfo> value) {
        return all.stream()
                .filter(info -> !info.state().equals("paused"))
                .mapToLong(value)
                .max()
                .orElse(0);
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                List.of(GaugeDataPointSnapshot.builder().value(value).build()));
    }
}
