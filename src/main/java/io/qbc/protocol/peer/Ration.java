package io.qbc.protocol.peer;

import java.util.Iterator;
import java.util.LinkedHashMap;

/** A ration for each of many sources: so much in a period, which may be taken at once. Times are milliseconds. */
public final class Ration {
    /** Of so many sources it is known what they took; the one that took nothing for longest is forgotten. */
    private static final int SOURCES_MAX = 4096;

    private final double most;
    private final double perMilli;
    private final LinkedHashMap<String, Left> left = new LinkedHashMap<>();

    /** @param count how much in a period; 0 for any amount */
    public Ration(long count, long periodMillis) {
        most = count;
        perMilli = (double) count / periodMillis;
    }

    private record Left(double amount, long at) {}

    /** Takes one; false if nothing is left. */
    public boolean take(String source, long now) {
        if (most == 0) {
            return true;
        }
        double amount = amount(source, now);
        boolean some = amount >= 1;
        left.remove(source);
        left.put(source, new Left(some ? amount - 1 : amount, now));
        if (left.size() > SOURCES_MAX) {
            Iterator<String> eldest = left.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return some;
    }

    /** Whether something is left. */
    public boolean has(String source, long now) {
        return most == 0 || amount(source, now) >= 1;
    }

    private double amount(String source, long now) {
        Left before = left.get(source);
        return before == null ? most : Math.min(most, before.amount() + Math.max(0, now - before.at()) * perMilli);
    }
}
