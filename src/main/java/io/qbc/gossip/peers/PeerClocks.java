package io.qbc.gossip.peers;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The clocks of peers, by the {@code Date} of their answers, which has whole seconds. */
public final class PeerClocks {
    private static final int PEERS_MAX = 256;
    /** An answer that took longer says too little. */
    private static final long CALL_MILLIS_MAX = 1_000;

    private static final long VALID_MILLIS = 300_000;
    private static final long HALF_SECOND_MILLIS = 500;

    private final Map<String, Reading> readings = new LinkedHashMap<>();

    private record Reading(long aheadMillis, long at) {}

    /**
     * A peer answered.
     *
     * @param date the field of its answer; empty if it has none
     * @param sentAt when it was asked, by this node's clock
     */
    void heard(String address, Optional<String> date, long sentAt, long now) {
        if (now < sentAt || now - sentAt > CALL_MILLIS_MAX) {
            return;
        }
        date.flatMap(PeerClocks::millis).ifPresent(time -> {
            readings.remove(address);
            readings.put(address, new Reading(time + HALF_SECOND_MILLIS - (sentAt + now) / 2, now));
            if (readings.size() > PEERS_MAX) {
                readings.remove(readings.keySet().iterator().next());
            }
        });
    }

    /** How far the middle one of the peers' clocks is ahead of this node's; nothing if none tells. */
    public Optional<Long> aheadMillis(long now) {
        readings.values().removeIf(reading -> Math.abs(now - reading.at()) > VALID_MILLIS);
        List<Long> sorted =
                readings.values().stream().map(Reading::aheadMillis).sorted().toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
    }

    private static Optional<Long> millis(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))
                    .toEpochMilli());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
