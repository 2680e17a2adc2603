package io.qbc.jmh;

import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** Commitment, encoding and id of a transaction of 160 bytes, and reading it back. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TransactionBenchmark extends MicroBenchmark {
    private final ChainSpec spec = Samples.dbc("main");
    private final Hash chain = spec.id();
    private final Bytes payload = Bytes.utf8("{\"order\":\"" + "x".repeat(148) + "\"}");
    private final Bytes salt = Bytes.wrap(Samples.seed("salt")).slice(0, Transaction.SALT_BYTES);
    private final Bytes key = Bytes.wrap(Samples.seed("key")).slice(0, 16);
    private final Bytes encoded = encode().encoded();

    @Benchmark
    public Transaction encode() {
        Hash commitment = Canonical.commitment(salt, payload);
        Body body = new Body(
                Canonical.VERSION,
                chain,
                Samples.GENESIS_TIME,
                key,
                Bytes.EMPTY,
                Bytes.EMPTY,
                0,
                commitment,
                payload.size());
        return Transaction.of(body, salt, Bytes.EMPTY, payload);
    }

    @Benchmark
    public Optional<Transaction> decode() {
        return Transaction.decode(encoded);
    }
}
