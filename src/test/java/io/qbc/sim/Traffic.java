package io.qbc.sim;

import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The clients: new data, the same again at another node, other data under the same key. */
final class Traffic {
    private static final int REMEMBERED = 20;

    private final World world;
    private final Track track;
    private final Signer author;
    private final List<Transaction> signed = new ArrayList<>();
    private boolean ended;
    private int made;

    Traffic(World world, Track track) {
        this.world = world;
        this.track = track;
        this.author = world.scenario().signer(1000);
    }

    void start() {
        long pause = (long) (-1000
                / world.scenario().injections()
                * Math.log(1 - world.random().nextDouble()));
        world.schedule().in(pause, "client", () -> {
            if (!ended) {
                inject();
                start();
            }
        });
    }

    void end() {
        ended = true;
    }

    private void inject() {
        Random random = world.random();
        SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
        long now = world.schedule().now();
        int kind = random.nextInt(10);
        if (kind < 6 || signed.isEmpty()) {
            Transaction made = make(Bytes.EMPTY, "", Bytes.utf8("{\"n\":" + this.made + "}"), key(this.made), now);
            inject(node, made);
            if (kind >= 5) {
                signed.add(signed(author, "", Bytes.utf8("{\"s\":" + this.made + "}"), key(this.made), now));
            }
        } else {
            Transaction earlier = signed.get(random.nextInt(Math.min(signed.size(), REMEMBERED)));
            Transaction rival = signed(
                    author,
                    "",
                    Bytes.utf8("{\"r\":" + made + "}"),
                    earlier.body().key(),
                    now);
            inject(node, kind < 9 ? earlier : rival);
        }
    }

    private void inject(SimNode node, Transaction transaction) {
        node.with(track, simChain -> simChain.inject(transaction));
    }

    /** A signed transaction of a type of the engine's. */
    Transaction order(Signer from, String type, Bytes payload, long now) {
        return signed(from, type, payload, key(made), now);
    }

    private Transaction signed(Signer from, String type, Bytes payload, Bytes key, long now) {
        Transaction bare = make(from.key(), type, payload, key, now);
        Bytes signature = from.sign(Canonical.transactionSigned(bare.id()));
        Transaction transaction = Transaction.of(bare.body(), bare.salt(), signature, payload);
        world.transactions().put(transaction.id(), transaction);
        return transaction;
    }

    private Transaction make(Bytes from, String type, Bytes payload, Bytes key, long now) {
        Bytes salt =
                Bytes.wrap(Samples.seed(track.spec().name() + "salt" + made++)).slice(0, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                track.id(),
                now,
                key,
                from,
                Bytes.utf8(type),
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction transaction = identified(Transaction.of(body, salt, Bytes.EMPTY, payload));
        world.transactions().put(transaction.id(), transaction);
        return transaction;
    }

    private Transaction identified(Transaction transaction) {
        return world.has(Bug.NO_LEAF_PREFIX)
                ? new Transaction(Sha256.of(transaction.bodyBytes().toArray()), transaction.encoded())
                : transaction;
    }

    private Bytes key(int number) {
        return Bytes.wrap(Samples.seed(track.spec().name() + "key" + number)).slice(0, 16);
    }
}
