package io.qbc.sim;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The simulated time, what is due in it, and a hash over all that happened. */
final class Schedule {
    private final PriorityQueue<Event> due =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final MessageDigest log;
    private long now = Samples.GENESIS_TIME;
    private long numbers;
    private long events;

    Schedule() {
        try {
            log = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private record Event(long at, long number, String what, Runnable action) {}

    /** Milliseconds since 1970. */
    long now() {
        return now;
    }

    long events() {
        return events;
    }

    /** Does something after so many milliseconds. */
    void in(long delay, String what, Runnable action) {
        due.add(new Event(now + Math.max(0, delay), numbers++, what, action));
    }

    /** Does what is due up to a time. */
    void run(long until) {
        while (!due.isEmpty() && due.peek().at() <= until) {
            Event event = due.remove();
            now = event.at();
            events++;
            note(event.what());
            event.action().run();
        }
        now = until;
    }

    /** Takes a fact into the hash over all that happened. */
    void note(String what) {
        log.update(ByteBuffer.allocate(Long.BYTES).putLong(now).array());
        log.update(what.getBytes(StandardCharsets.UTF_8));
    }

    /** The hash over all so far; ends the log. */
    String digest() {
        return Bytes.wrap(log.digest()).hex();
    }
}
