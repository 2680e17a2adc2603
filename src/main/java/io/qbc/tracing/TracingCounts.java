package io.qbc.tracing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of spans and contexts since the start.
 *
 * @param exported spans that the collector took
 * @param failed spans that it did not take
 * @param dropped spans for which there was no room in the queue
 * @param unfollowed traced transactions for which there was no place to follow them
 * @param forgotten contexts that gave way to newer ones
 * @param following traced transactions that wait at present
 */
public record TracingCounts(
        LongAdder exported,
        LongAdder failed,
        LongAdder dropped,
        LongAdder unfollowed,
        LongAdder forgotten,
        AtomicLong following) {
    public TracingCounts() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new AtomicLong());
    }
}
