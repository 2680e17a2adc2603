package io.qbc.node;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * What a node learns from the machine that it runs on, so that tests can say something else.
 *
 * @param clock what it takes for the time
 * @param freeBytes gives what it takes for the free bytes of its disk, made of those that there are
 */
public record Machine(InstantSource clock, UnaryOperator<LongSupplier> freeBytes) {
    /** The machine as it is. */
    public static final Machine REAL = new Machine(InstantSource.system(), UnaryOperator.identity());

    /** The machine as it is, but for the time. */
    public static Machine at(InstantSource clock) {
        return new Machine(clock, REAL.freeBytes());
    }
}
