package io.qbc.bench.load;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of a load.
 *
 * @param statuses answers by HTTP status
 * @param broken requests whose connection failed
 * @param unanswered requests still without an answer some seconds after the end
 * @param unsent requests of an open loop that found no free connection in time
 * @param rude answers 429 or 503 without Retry-After
 * @param seconds from the first send to the last answer
 * @param latencies of answers 2xx in nanoseconds, from the intended time of sending
 * @param marked those of them that were answered while the load's mark was set
 */
public record LoadReport(
        Map<Integer, Long> statuses,
        long broken,
        long unanswered,
        long unsent,
        long rude,
        double seconds,
        Histogram latencies,
        Histogram marked) {
    public LoadReport {
        statuses = Map.copyOf(statuses);
    }

    public long accepted() {
        return statuses.entrySet().stream()
                .filter(e -> e.getKey() / 100 == 2)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    public long status(int status) {
        return statuses.getOrDefault(status, 0L);
    }

    /** Answers that are neither success nor a polite refusal of load. */
    public long faults() {
        long answered = statuses.values().stream().mapToLong(Long::longValue).sum();
        return answered - accepted() - status(429) - status(503) + broken + unanswered;
    }

    /** Of all requests that were due, how many succeeded. */
    public double success() {
        long answered = statuses.values().stream().mapToLong(Long::longValue).sum();
        return accepted() / (double) Math.max(1, answered + broken + unanswered + unsent);
    }

    /** Successes a second. */
    public double rate() {
        return accepted() / seconds;
    }

    /** Empty when every request was answered 2xx; otherwise what else happened. */
    public String trouble() {
        if (faults() == 0
                && accepted()
                        == statuses.values().stream().mapToLong(Long::longValue).sum()) {
            return "";
        }
        return "answers " + statuses + ", broken " + broken + ", unanswered " + unanswered;
    }
}
