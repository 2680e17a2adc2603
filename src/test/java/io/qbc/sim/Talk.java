package io.qbc.sim;

import io.qbc.bus.Catalogue.Append;
import io.qbc.gossip.SimPeers;
import io.qbc.ledger.ForkChoice;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.SimLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node says and answers. Whom to follow and what to ask for is the product's decision; the order of the
 * messages is a short form of its own peer protocol.
 */
final class Talk {
    private static final int IDS = 20;
    private static final int QUANTS = 16;
    private static final long PATIENCE = 3000;

    private final World world;
    private final SimNode self;
    private final SimPeers peers;
    private Optional<Integer> source = Optional.empty();
    private long deadline;

    Talk(World world, SimNode self) {
        this.world = world;
        this.self = self;
        this.peers = new SimPeers(world.spec().id(), world.random());
    }

    private SimLedger ledger() {
        return self.ledger();
    }

    private void send(int to, Mail mail) {
        world.net().send(self, world.nodes().get(to), mail);
    }

    void all(Mail mail) {
        for (SimNode to : world.nodes()) {
            if (to != self) {
                world.net().send(self, to, mail);
            }
        }
    }

    void offer(Hash quant) {
        ledger().outline(quant).ifPresent(outline -> all(new Mail.Offer(new Mail.Part(outline, List.of()))));
    }

    /** What is said now and then: the head, and what waits, since a message may have got lost. */
    void beat() {
        all(new Mail.Told(ledger().tip().head()));
        List<Hash> ids = self.waiting(IDS);
        if (!ids.isEmpty()) {
            int to = world.random().nextInt(world.nodes().size());
            if (to != self.index()) {
                send(to, new Mail.Announce(ids));
            }
        }
        if (source.isPresent() && world.schedule().now() > deadline) {
            peers.postponed(source.get(), world.schedule().now());
            source = Optional.empty();
        }
        catchUp();
    }

    void receive(int from, Mail mail) {
        if (mail instanceof Mail.Announce announce) {
            announced(from, announce.ids());
        } else if (mail instanceof Mail.Ask ask) {
            send(from, new Mail.Supply(ledger().fetch(ask.ids())));
        } else if (mail instanceof Mail.Supply supply) {
            peers.settle(supply.transactions().stream().map(Transaction::id).toList());
            self.admit(supply.transactions());
        } else if (mail instanceof Mail.Offer offer) {
            offered(from, offer.part());
        } else if (mail instanceof Mail.Lack lack) {
            ledger().outline(lack.quant())
                    .ifPresent(found -> send(from, new Mail.Offer(new Mail.Part(found, ledger().fetch(lack.ids())))));
        } else if (mail instanceof Mail.Told told) {
            peers.claimed(from, told.head());
            catchUp();
        } else if (mail instanceof Mail.Follow follow) {
            range(from, follow.locator());
        } else if (mail instanceof Mail.Range range) {
            ranged(from, range);
        }
    }

    private void announced(int from, List<Hash> ids) {
        List<Hash> wanted = peers.claim(ledger().unknown(ids), world.schedule().now());
        if (!wanted.isEmpty()) {
            send(from, new Mail.Ask(wanted));
        }
    }

    private void offered(int from, Mail.Part part) {
        Verdict verdict = append(part);
        if (verdict instanceof Verdict.Missing missing && part.transactions().isEmpty()) {
            world.mark(Mark.INCOMPLETE);
            send(from, new Mail.Lack(part.outline().hash(), missing.ids()));
        } else if (verdict instanceof Verdict.Orphan) {
            world.mark(Mark.ORPHANED);
            catchUp();
        }
    }

    private Verdict append(Mail.Part part) {
        return self.append(Append.foreign(world.spec().id(), part.outline(), part.transactions()));
    }

    private void catchUp() {
        if (source.isEmpty()) {
            source = peers.choose(ledger().tip().head(), world.schedule().now());
            source.ifPresent(peer -> follow(peer, ledger().locator()));
        }
    }

    private void follow(int peer, List<Hash> locator) {
        deadline = world.schedule().now() + PATIENCE;
        send(peer, new Mail.Follow(locator));
    }

    private void range(int from, List<Hash> locator) {
        List<Mail.Part> parts = new ArrayList<>();
        for (Hash hash : ledger().after(locator, QUANTS)) {
            Outline outline = ledger().outline(hash).orElseThrow();
            parts.add(new Mail.Part(outline, ledger().fetch(outline.ids())));
        }
        send(from, new Mail.Range(parts, ledger().tip().head()));
    }

    private void ranged(int from, Mail.Range range) {
        peers.claimed(from, range.head());
        boolean followed = source.isPresent() && source.get() == from;
        for (Mail.Part part : range.parts()) {
            Verdict verdict = append(part);
            if (verdict instanceof Verdict.Refused refused) {
                stop(from, followed, refused.refusal().reason().retryable());
                return;
            }
        }
        if (!followed) {
            return;
        }
        if (range.parts().isEmpty()) {
            ended(from, range.head());
        } else {
            world.mark(Mark.CAUGHT_UP);
            List<Hash> locator = new ArrayList<>(ledger().locator());
            locator.add(0, range.parts().get(range.parts().size() - 1).outline().hash());
            follow(from, locator);
        }
    }

    private void ended(int from, Head head) {
        source = Optional.empty();
        if (ForkChoice.better(head, ledger().tip().head())) {
            peers.failed(from, world.schedule().now());
        } else {
            peers.delivered(from);
        }
    }

    private void stop(int from, boolean followed, boolean later) {
        if (followed) {
            source = Optional.empty();
            if (later) {
                peers.postponed(from, world.schedule().now());
            } else {
                peers.failed(from, world.schedule().now());
            }
        }
    }
}
