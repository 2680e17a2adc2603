package io.qbc.jmh;

import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Growing the tree by a quant's transactions, and judging the quant; the time is that of a whole quant. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class QuantBenchmark extends MicroBenchmark {
    @Param({"1000", "100000"})
    private int count;

    private Tip parent;
    private List<Hash> ids;
    private QuantRules rules;
    private CompactQuant compactQuant;
    private long bytes;

    @Setup
    public void prepare() {
        ChainSpec spec = Samples.dbc("main");
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        parent = Tip.genesis(spec);
        List<Transaction> transactions = IntStream.range(0, count)
                .mapToObj(n -> Samples.transaction(spec, n))
                .toList();
        bytes = transactions.stream().mapToLong(t -> t.encoded().size()).sum();
        Quant quant = Samples.quant(spec, parent, transactions, Samples.GENESIS_TIME + 1);
        ids = transactions.stream().map(Transaction::id).toList();
        compactQuant = new CompactQuant(quant.header(), quant.seals(), ids);
        rules = new QuantRules(spec, engine, Ed25519.VERIFIER, 15_000);
        if (!(judge() instanceof QuantRules.Outcome.Valid)) {
            throw new IllegalStateException("the sample must be valid: " + judge());
        }
    }

    @Benchmark
    public Frontier append() {
        return parent.frontier().append(ids);
    }

    @Benchmark
    public QuantRules.Outcome judge() {
        return rules.judge(parent, compactQuant, List.of(), bytes, Samples.GENESIS_TIME + 2);
    }
}
