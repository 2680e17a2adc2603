package io.qbc.sim;

import io.qbc.Samples;
import io.qbc.ledger.Scope;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The clients: new data, the same again at another node, the same or other data under the same key. */
final class Traffic {
    private static final int REMEMBERED = 20;

    private final World world;
    private final Track track;
    private final Optional<Traffic> parent;
    private final Signer author;
    private final List<Transaction> keyed = new ArrayList<>();
    private boolean ended;
    private int made;

    /** @param parent of a fork, whose keys are used again */
    Traffic(World world, Track track, Optional<Traffic> parent) {
        this.world = world;
        this.track = track;
        this.parent = parent;
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
        if (kind < 6 || keyed.isEmpty()) {
            inject(node, make(Bytes.EMPTY, "", Bytes.utf8("{\"n\":" + made + "}"), nodeKey(made), now));
            if (kind >= 5) {
                keyed.add(keyed(made % 2 == 0, Bytes.utf8("{\"k\":" + made + "}"), key(made), now));
            }
        } else if (kind < 8) {
            inject(node, earlier(keyed, random));
        } else {
            List<Transaction> parents = parent.map(traffic -> traffic.keyed).orElse(List.of());
            Transaction earlier = earlier(parents.isEmpty() || random.nextInt(2) == 0 ? keyed : parents, random);
            Bytes other = Bytes.utf8("{\"r\":" + made + "}");
            // What comes of a retry at another node is the same data in a transaction of its own.
            Bytes payload = kind == 8 ? earlier.payload() : other;
            inject(
                    node,
                    keyed(
                            !earlier.body().author().isEmpty(),
                            payload,
                            earlier.body().key(),
                            now));
        }
    }

    private static Transaction earlier(List<Transaction> keyed, Random random) {
        return keyed.get(random.nextInt(Math.min(keyed.size(), REMEMBERED)));
    }

    private Transaction keyed(boolean signed, Bytes payload, Bytes key, long now) {
        return signed ? signed(author, "", payload, key, now) : make(Bytes.EMPTY, "", payload, key, now);
    }

    private void inject(SimNode node, Transaction transaction) {
        node.with(track, simChain -> simChain.inject(transaction));
    }

    /** Other data under an author and key of the clients'; nothing for those of a node. */
    Optional<Transaction> rival(Transaction transaction, long now) {
        Body body = transaction.body();
        boolean signed = !body.author().isEmpty();
        return signed && !body.author().equals(author.key())
                ? Optional.empty()
                : Optional.of(keyed(signed, Bytes.utf8("{\"r\":" + made + "}"), body.key(), now));
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
        return Bytes.utf8(track.spec().name() + "-" + number);
    }

    private Bytes nodeKey(int number) {
        byte[] key = Samples.seed(track.spec().name() + "key" + number);
        key[0] = Scope.NODE_MADE;
        return Bytes.wrap(key).slice(0, 16);
    }
}
