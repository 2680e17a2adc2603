package io.qbc.planted.merkle;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class NotSteady {
    private NotSteady() {}

    public static String answer(Map<String, String> map) {
        StringBuilder out = new StringBuilder();
        map.forEach((name, value) -> out.append(name).append(value));
        return out.append(System.currentTimeMillis())
                .append(Instant.now())
                .append(UUID.randomUUID())
                .toString();
    }
}
