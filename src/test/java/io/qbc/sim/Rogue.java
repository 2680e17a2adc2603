package io.qbc.sim;

import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.persistence.SimLedger;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.PeerMethod;
import java.util.List;
import java.util.Optional;

/** Makes quants that break one rule each and are sound otherwise; every honest node must refuse them. */
final class Rogue {
    private static final int ATTEMPTS = 100_000;
    private static final long LONG_AGO = 60_000;

    private final World world;
    private final Track track;

    Rogue(World world, Track track) {
        this.world = world;
        this.track = track;
    }

    /** Now and then makes a wrong quant in place of a right one, and tells everybody. */
    boolean makes(SimChain simChain, Tip tip) {
        SimNode node = simChain.node();
        Optional<CompactQuant> wrong = switch (world.random().nextInt(8)) {
            case 0 -> replay(node, tip);
            case 1 -> stale(node, tip);
            case 2 -> early(node, tip);
            case 3 -> forged(node, tip);
            case 4 -> otherRoot(node, tip);
            case 5 -> rival(node, tip);
            default -> Optional.empty();
        };
        wrong.ifPresent(compactQuant -> {
            world.note(node.index() + " goes wrong");
            List<Transaction> supplied =
                    compactQuant.ids().stream().map(world.transactions()::get).toList();
            Offer offer = new Offer(track.id(), compactQuant, supplied);
            for (SimNode to : world.nodes()) {
                if (to != node) {
                    world.net().send(node, to, new Packet.Request<>(0, PeerMethod.QUANT, offer));
                }
            }
        });
        return wrong.isPresent();
    }

    /** Holds a transaction that the chain has. */
    private Optional<CompactQuant> replay(SimNode node, Tip tip) {
        return track.checker()
                .placed(tip.head().hash(), world.random())
                .flatMap(id -> quant(node.signer(), tip, List.of(id), node.millis()));
    }

    /** Holds another transaction of an author and key that the chain has. */
    private Optional<CompactQuant> rival(SimNode node, Tip tip) {
        return track.checker()
                .placed(tip.head().hash(), world.random())
                .map(world.transactions()::get)
                .filter(transaction -> Scope.of(transaction).isPresent())
                .flatMap(transaction -> track.traffic().rival(transaction, node.millis()))
                .flatMap(rival -> quant(node.signer(), tip, List.of(rival.id()), node.millis()));
    }

    /** Is older than the median of the last eleven. */
    private Optional<CompactQuant> stale(SimNode node, Tip tip) {
        Tip timeless = new Tip(tip.head(), tip.frontier(), List.of(0L), tip.state());
        return quant(node.signer(), timeless, List.of(), node.millis() - LONG_AGO);
    }

    private Optional<CompactQuant> early(SimNode node, Tip tip) {
        return quant(node.signer(), tip, List.of(), world.schedule().now() + 2 * SimLedger.DRIFT + 3000);
    }

    /** Names another's key as its producer. */
    private Optional<CompactQuant> forged(SimNode node, Tip tip) {
        for (SimNode victim : world.nodes()) {
            boolean due = track.engine().turn(tip.parent(), victim.signer().key(), tip.timestamp(node.millis()))
                    instanceof Turn.Now;
            if (due && victim.honest()) {
                return quant(new Mask(victim.signer().key(), node.signer()), tip, List.of(), node.millis());
            }
        }
        return Optional.empty();
    }

    private Optional<CompactQuant> otherRoot(SimNode node, Tip tip) {
        return draft(node.signer(), tip, List.of(), node.millis())
                .map(header -> new Header(
                        header.version(),
                        header.chain(),
                        header.height(),
                        header.timestamp(),
                        header.previous(),
                        header.treeSize(),
                        Hash.ZERO,
                        header.count(),
                        header.producer(),
                        header.consensus(),
                        header.proof()))
                .map(header -> seal(header, node.signer(), List.of()));
    }

    private Optional<CompactQuant> quant(Signer signer, Tip tip, List<Hash> ids, long now) {
        return draft(signer, tip, ids, now).map(header -> seal(header, signer, ids));
    }

    private Optional<Header> draft(Signer signer, Tip tip, List<Hash> ids, long now) {
        return Optional.of(Draft.on(tip, track.id(), ids, track.engine(), signer, SigningRecord.NONE, now)
                .header());
    }

    private CompactQuant seal(Header draft, Signer signer, List<Hash> ids) {
        Sealed sealed = track.engine()
                .seal(draft, signer, world.random().nextLong())
                .step(ATTEMPTS)
                .orElseThrow();
        return new CompactQuant(sealed.header(), sealed.seals(), ids);
    }

    /** Says that it has a key that it does not have. */
    private record Mask(Bytes key, Signer behind) implements Signer {
        @Override
        public Bytes sign(byte[] message) {
            return behind.sign(message);
        }

        @Override
        public Bytes derive(String label) {
            return behind.derive(label);
        }
    }
}
