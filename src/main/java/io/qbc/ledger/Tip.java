package io.qbc.ledger;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parent;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Header;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * All that judging or making the next quant needs of the quant before.
 *
 * @param head that quant, with the weight of its branch
 * @param frontier the chain's tree with it
 * @param times the timestamps of it and up to ten before it, newest first
 * @param state the engine's state after it
 */
public record Tip(Head head, Frontier frontier, List<Long> times, Bytes state) {
    private static final int TIMES = 11;

    public Tip {
        times = List.copyOf(times);
    }

    /** The tip of a chain that has its genesis quant only. */
    public static Tip genesis(ChainSpec spec) {
        Engine engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new IllegalStateException(
                        "no engine " + spec.consensus().engine()));
        Header header = spec.genesis();
        Head head = new Head(header.hash(), header, BigInteger.ZERO);
        return new Tip(head, Frontier.EMPTY, List.of(header.timestamp()), engine.genesis());
    }

    /**
     * The tip of a fork that has its genesis quant only. Tree, weight and times go on from the parent; the engine
     * begins anew.
     *
     * @param point the last quant that it shares with its parent
     * @param times the timestamps of that quant and up to ten before it, newest first
     */
    public static Tip fork(ChainSpec spec, Head point, Frontier frontier, List<Long> times) {
        Tip genesis = genesis(spec);
        Head head = new Head(genesis.head.hash(), genesis.head.header(), point.weight());
        return new Tip(head, frontier, newest(genesis.head.header(), times), genesis.state);
    }

    /**
     * The tip after a quant that was found valid.
     *
     * @param after the engine's state after it
     */
    public Tip next(Header header, Hash hash, Frontier grown, Engine engine, Bytes after) {
        Head next = new Head(hash, header, head.weight().add(engine.weight(header, parent(), after)));
        return new Tip(next, grown, newest(header, times), after);
    }

    private static List<Long> newest(Header header, List<Long> before) {
        List<Long> newest = new ArrayList<>(TIMES);
        newest.add(header.timestamp());
        newest.addAll(before.subList(0, Math.min(TIMES - 1, before.size())));
        return newest;
    }

    /** What the engine sees of it. */
    public Parent parent() {
        return new Parent(head.header(), head.hash(), state);
    }

    /** The timestamp of a quant made on it now, which the chain's median may push ahead. */
    public long timestamp(long now) {
        return Math.max(now, medianTime() + 1);
    }

    /** The median of the last timestamps; the next quant's must be above it (Bitcoin's rule, BIP 113). */
    public long medianTime() {
        return median(times);
    }

    /** The median of some timestamps. */
    public static long median(List<Long> timestamps) {
        List<Long> sorted = timestamps.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
