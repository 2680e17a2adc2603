package io.qbc.mining;

import io.qbc.bus.Catalogue.AuditEntry;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Evidence;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine operations that this node signs for a chain: votes, evidence against others, and what it is asked for. */
final class OwnOperations {
    private static final Logger LOG = LoggerFactory.getLogger(OwnOperations.class);
    private static final byte[] TAG = "qbc/order/1".getBytes(StandardCharsets.US_ASCII);

    private final Hash chain;
    private final Signer signer;
    private final InstantSource clock;
    private final Function<Transaction, Future<?>> injector;

    /** @param injector takes an operation in as if a client had sent it */
    OwnOperations(Hash chain, Signer signer, InstantSource clock, Function<Transaction, Future<?>> injector) {
        this.chain = chain;
        this.signer = signer;
        this.clock = clock;
        this.injector = injector;
    }

    void vote(Duty duty) {
        injector.apply(signed(duty.type(), duty.payload()))
                .onFailure(e -> LOG.warn("a vote for the chain {} was not cast", chain, e));
    }

    /** Brings evidence against another participant into the chain. */
    void accuse(Evidence evidence) {
        if (!evidence.producer().equals(signer.key())) {
            injector.apply(signed(Evidence.TYPE, evidence.payload()))
                    .onFailure(e -> LOG.warn("evidence for the chain {} was not taken", chain, e));
        }
    }

    /** The operation that somebody asks for, signed. */
    Transaction signed(Operate operate) {
        return signed(operate.type(), operate.payload(), operate.key(), operate.salt());
    }

    /** An entry of the audit trail, signed. */
    Transaction signed(AuditEntry entry) {
        return signed(entry.type(), entry.payload(), entry.key(), entry.salt());
    }

    /** A signed operation; the same again has the same key, so that it is taken once. */
    private Transaction signed(String type, Bytes payload) {
        Bytes mark = Bytes.wrap(
                Sha256.of(TAG, Bytes.utf8(type + " " + payload.text()).toArray())
                        .bytes());
        Bytes key = mark.slice(0, 16);
        Bytes salt = mark.slice(16, Transaction.SALT_BYTES);
        return signed(Bytes.utf8(type), payload, key, salt);
    }

    private Transaction signed(Bytes type, Bytes payload, Bytes key, Bytes salt) {
        Body body = new Body(
                Canonical.VERSION,
                chain,
                clock.millis(),
                key,
                signer.key(),
                type,
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction unsigned = Transaction.of(body, salt, Bytes.EMPTY, payload);
        return Transaction.of(body, salt, signer.sign(Canonical.transactionSigned(unsigned.id())), payload);
    }
}
