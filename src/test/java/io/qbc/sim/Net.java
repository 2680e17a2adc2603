package io.qbc.sim;

import io.qbc.model.Bytes;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Supply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The simulated network: links between nodes that delay, reorder, lose, double and damage packets, and can be cut. */
final class Net {
    private static final int DELAY_MIN = 5;
    private static final double CORRUPT = 0.02;

    private final World world;
    private final boolean[][] cut;
    private boolean calm;

    Net(World world, int nodes) {
        this.world = world;
        this.cut = new boolean[nodes][nodes];
    }

    /** Every link is whole, and nothing gets lost from now on. */
    void calm() {
        calm = true;
        heal();
    }

    void heal() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
    }

    /** Cuts all links between a random group and the others. */
    void split() {
        boolean[] side = new boolean[cut.length];
        for (int i = 0; i < side.length; i++) {
            side[i] = world.random().nextBoolean();
        }
        split(side);
    }

    void split(boolean... side) {
        for (int i = 0; i < cut.length; i++) {
            for (int j = 0; j < cut.length; j++) {
                cut[i][j] = side[i] != side[j];
            }
        }
    }

    /** Cuts some links in one direction. */
    void cutOneWay() {
        for (boolean[] row : cut) {
            for (int j = 0; j < row.length; j++) {
                row[j] |= world.random().nextInt(3) == 0;
            }
        }
    }

    void send(SimNode from, SimNode to, Packet packet) {
        Random random = world.random();
        Scenario scenario = world.scenario();
        if (cut[from.index()][to.index()] || (!calm && random.nextDouble() < scenario.loss())) {
            return;
        }
        post(from, to, packet);
        if (!calm && random.nextDouble() < scenario.duplication()) {
            post(from, to, packet);
        }
    }

    private void post(SimNode from, SimNode to, Packet packet) {
        int most = calm
                ? Math.min(100, world.scenario().delay())
                : world.scenario().delay();
        long delay = (long) DELAY_MIN + world.random().nextInt(most);
        boolean damaged = !calm
                && world.scenario().faults().contains(Scenario.Fault.CORRUPTION)
                && world.random().nextDouble() < CORRUPT;
        Packet carried = damaged ? damaged(packet) : packet;
        String what = from.index() + ">" + to.index() + " " + carried.word();
        world.schedule().in(delay, what, () -> to.receive(from, carried));
    }

    /** Turns a bit in every transaction; what is no transaction any more does not arrive. */
    private Packet damaged(Packet packet) {
        if (packet instanceof Packet.Request<?, ?> request) {
            return damaged(request);
        }
        Packet.Answer answer = (Packet.Answer) packet;
        return new Packet.Answer(answer.number(), answer.message().map(this::damaged));
    }

    private <Q extends Message, A extends Message> Packet damaged(Packet.Request<Q, A> request) {
        Q message = request.method().request().type().cast(damaged(request.message()));
        return new Packet.Request<>(request.number(), request.method(), message);
    }

    private Message damaged(Message message) {
        if (message instanceof Push push) {
            return new Push(push.chain(), damaged(push.transactions()));
        }
        if (message instanceof Offer offer) {
            return new Offer(offer.chain(), offer.compactQuant(), damaged(offer.supplied()));
        }
        return message instanceof Supply supply ? new Supply(damaged(supply.transactions())) : message;
    }

    private List<Transaction> damaged(List<Transaction> transactions) {
        List<Transaction> all = new ArrayList<>();
        for (Transaction transaction : transactions) {
            byte[] bytes = transaction.encoded().toArray();
            bytes[world.random().nextInt(bytes.length)] ^=
                    (byte) (1 << world.random().nextInt(8));
            Transaction.decode(Bytes.wrap(bytes)).ifPresent(other -> {
                // What is not signed may still be a transaction, of an author who is nobody.
                world.transactions().putIfAbsent(other.id(), other);
                all.add(other);
            });
        }
        return all;
    }
}
