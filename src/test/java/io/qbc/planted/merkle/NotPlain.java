package io.qbc.planted.merkle;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class NotPlain {
    private NotPlain() {}

    public static Future<Path> answer() {
        return Future.succeededFuture(Path.of("x"));
    }

    static Thread thread(Runnable work) {
        return new Thread(work);
    }

    static Map<String, byte[]> shared() {
        return new ConcurrentHashMap<>(Map.of("seed", new SecureRandom().generateSeed(1)));
    }
}
