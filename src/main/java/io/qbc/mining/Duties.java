package io.qbc.mining;

import static io.qbc.bus.Catalogue.FIND_TIP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.FindTip;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
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
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders that this node owes a chain in which it takes part: votes, and what it has caught others at. */
final class Duties {
    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);
    private static final byte[] TAG = "qbc/order/1".getBytes(StandardCharsets.US_ASCII);
    /** A vote on an older head would come while the chain is still being fetched. */
    private static final long STALE = 60_000;

    private final Bus bus;
    private final Hash chain;
    private final Sealer sealer;
    private final Signer signer;
    private final SlashingProtection slashingProtection;
    private final InstantSource clock;
    private final Function<Transaction, Future<?>> injector;
    private boolean running;
    private boolean again;

    /** @param injector takes an order in as if a client had sent it */
    Duties(
            Bus bus,
            Hash chain,
            Sealer sealer,
            Signer signer,
            SlashingProtection slashingProtection,
            InstantSource clock,
            Function<Transaction, Future<?>> injector) {
        this.bus = bus;
        this.chain = chain;
        this.sealer = sealer;
        this.signer = signer;
        this.slashingProtection = slashingProtection;
        this.clock = clock;
        this.injector = injector;
    }

    /** Does what is owed on the present head; one look at a time. */
    void look() {
        if (running) {
            again = true;
            return;
        }
        running = true;
        bus.ask(FIND_TIP, new FindTip(chain))
                .compose(this::owed)
                .onFailure(e -> LOG.warn("a vote for the chain {} was not cast", chain, e))
                .onComplete(done -> {
                    running = false;
                    if (again) {
                        again = false;
                        look();
                    }
                });
    }

    private Future<?> owed(Tip tip) {
        boolean stale = tip.head().header().timestamp() < clock.millis() - STALE;
        if (stale || !sealer.binds(tip)) {
            return Future.succeededFuture();
        }
        return slashingProtection.current(tip).compose(signingRecord -> {
            Optional<Duty> duty = signingRecord.flatMap(known -> sealer.duty(tip, known));
            return duty.isEmpty() ? Future.succeededFuture() : cast(signingRecord.get(), duty.get());
        });
    }

    private Future<?> cast(SigningRecord before, Duty duty) {
        return slashingProtection
                .keep(before, duty.signingRecord())
                .compose(kept -> kept ? injector.apply(order(duty.type(), duty.payload())) : Future.succeededFuture());
    }

    /** Brings evidence against another participant into the chain. */
    void accuse(Evidence evidence) {
        if (!evidence.producer().equals(signer.key())) {
            injector.apply(order(Evidence.TYPE, evidence.payload()))
                    .onFailure(e -> LOG.warn("evidence for the chain {} was not taken", chain, e));
        }
    }

    /** A signed order; the same order again has the same key, so that it is taken once. */
    private Transaction order(String type, Bytes payload) {
        Bytes mark = Bytes.wrap(
                Sha256.of(TAG, Bytes.utf8(type + " " + payload.text()).toArray())
                        .bytes());
        Bytes key = mark.slice(0, 16);
        Bytes salt = mark.slice(16, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                chain,
                clock.millis(),
                key,
                signer.key(),
                Bytes.utf8(type),
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction unsigned = Transaction.of(body, salt, Bytes.EMPTY, payload);
        return Transaction.of(body, salt, signer.sign(Canonical.transactionSigned(unsigned.id())), payload);
    }
}
