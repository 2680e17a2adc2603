package io.qbc.consensus;

import io.qbc.Samples;
import io.qbc.consensus.engine.EquivocationDetector;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A few nodes of one chain under a simulated clock: delay, partitions, and twins that use one key twice. */
final class MiniNet {
    private static final int BACK = 300;
    /** Milliseconds; below the delay of poa, or signers out of turn seal before they see whose turn it was. */
    private static final int LATENCY_MAX = 35;

    private final Lab lab;
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Mail> mail =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
    private final Map<Hash, Quant> archive = new HashMap<>();
    private final TreeMap<Long, Hash> finals = new TreeMap<>();
    private long now = Samples.GENESIS_TIME;
    private long mails;
    /** Where two honest nodes called different quants final. */
    private int violations;

    private record Mail(long at, long number, Node from, Node to, Hash quant, Transaction transaction) {}

    /** @param twins how many of the first signers run twice */
    MiniNet(Lab lab, Random random, int twins) {
        this.lab = lab;
        this.random = random;
        for (int i = 0; i < lab.signers().size(); i++) {
            nodes.add(new Node(lab.signer(i), i >= twins));
        }
        for (int i = 0; i < twins; i++) {
            nodes.add(new Node(lab.signer(i), false));
        }
    }

    /** One node: what it knows, its head, and what its key has promised. */
    final class Node {
        final Signer signer;
        final boolean honest;
        final Map<Hash, Tip> known = new HashMap<>();
        final Map<Hash, Transaction> pool = new LinkedHashMap<>();
        final EquivocationDetector equivocationDetector = new EquivocationDetector(lab.engine());
        Tip head = lab.genesis();
        SigningRecord signingRecord = SigningRecord.NONE;
        int group;
        boolean silent;
        private long checked;

        Node(Signer signer, boolean honest) {
            this.signer = signer;
            this.honest = honest;
            known.put(head.head().hash(), head);
        }

        void act() {
            lab.engine().duty(head.parent(), signer.key(), signingRecord).ifPresent(duty -> {
                signingRecord = duty.signingRecord();
                Transaction vote = lab.order(signer, duty.type(), duty.payload().text());
                take(vote);
                send(this, null, vote);
            });
            if (lab.engine().turn(head.parent(), signer.key(), head.timestamp(now)) instanceof Turn.Now) {
                leap();
            }
        }

        private void leap() {
            List<Transaction> content = waiting();
            Header draft = lab.draft(head, signer, signingRecord, now, content);
            lab.engine().promise(draft, signingRecord).ifPresent(after -> {
                signingRecord = after;
                Quant quant = lab.seal(draft, signer, content);
                archive.put(quant.header().hash(), quant);
                take(quant.header().hash());
                send(this, quant.header().hash(), null);
            });
        }

        private List<Transaction> waiting() {
            Set<Hash> included = new HashSet<>();
            Hash at = head.head().hash();
            for (int i = 0; i < BACK && archive.containsKey(at); i++) {
                archive.get(at).transactions().forEach(transaction -> included.add(transaction.id()));
                at = archive.get(at).header().previous();
            }
            return pool.values().stream()
                    .filter(transaction -> !included.contains(transaction.id()))
                    .toList();
        }

        void take(Transaction transaction) {
            pool.put(transaction.id(), transaction);
        }

        void take(Hash hash) {
            List<Hash> path = new ArrayList<>();
            for (Hash at = hash;
                    !known.containsKey(at);
                    at = archive.get(at).header().previous()) {
                path.add(0, at);
            }
            for (Hash each : path) {
                Quant quant = archive.get(each);
                Tip parent = known.get(quant.header().previous());
                if (lab.judge(parent, quant) instanceof Outcome.Valid valid) {
                    known.put(each, valid.tip());
                    witness(quant);
                    consider(valid.tip());
                } else {
                    return;
                }
            }
        }

        /** Reports what a producer signed against its promises. */
        private void witness(Quant quant) {
            equivocationDetector
                    .see(quant.compactQuant())
                    .filter(evidence -> honest)
                    .ifPresent(evidence -> {
                        Transaction report = lab.order(
                                signer, Evidence.TYPE, evidence.payload().text());
                        take(report);
                        send(this, null, report);
                    });
        }

        private void consider(Tip candidate) {
            long finality = lab.engine().finality(head.parent());
            if (ForkChoice.better(candidate.head(), head.head())
                    && ForkChoice.finality(common(candidate), finality).isEmpty()) {
                head = candidate;
                if (honest) {
                    check();
                }
            }
        }

        private long common(Tip candidate) {
            Tip one = candidate;
            Tip other = head;
            while (!one.head().hash().equals(other.head().hash())) {
                if (one.head().height() >= other.head().height()) {
                    one = known.get(one.head().header().previous());
                } else {
                    other = known.get(other.head().header().previous());
                }
            }
            return one.head().height();
        }

        private void check() {
            long finality = lab.engine().finality(head.parent());
            Tip at = head;
            while (at.head().height() > checked) {
                long height = at.head().height();
                if (height <= finality) {
                    Hash before = finals.putIfAbsent(height, at.head().hash());
                    violations += before != null && !before.equals(at.head().hash()) ? 1 : 0;
                }
                at = known.get(at.head().header().previous());
            }
            checked = Math.max(checked, finality);
        }
    }

    private void send(Node from, Hash quant, Transaction transaction) {
        for (Node to : nodes) {
            if (to != from) {
                mail.add(new Mail(now + 5 + random.nextInt(LATENCY_MAX), mails++, from, to, quant, transaction));
            }
        }
    }

    /** Runs for so many milliseconds. */
    MiniNet run(long millis) {
        long end = now + millis;
        while (now < end) {
            now += 10;
            while (!mail.isEmpty() && mail.peek().at <= now) {
                deliver(mail.poll());
            }
            nodes.stream().filter(node -> !node.silent).forEach(Node::act);
        }
        return this;
    }

    private void deliver(Mail letter) {
        if (letter.from.group != letter.to.group) {
            mail.add(new Mail(now + 50, mails++, letter.from, letter.to, letter.quant, letter.transaction));
        } else if (letter.quant != null) {
            letter.to.take(letter.quant);
        } else {
            letter.to.take(letter.transaction);
        }
    }

    /** Puts every node into a group that hears only itself. */
    MiniNet split(int... groups) {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).group = groups[i % groups.length];
        }
        return this;
    }

    MiniNet split() {
        nodes.forEach(node -> node.group = random.nextInt(2));
        return this;
    }

    MiniNet heal() {
        return split(0);
    }

    MiniNet silence(int... which) {
        nodes.forEach(node -> node.silent = false);
        for (int i : which) {
            nodes.get(i).silent = true;
        }
        return this;
    }

    /** A dozen times: some partition for a while, then none. */
    MiniNet shake() {
        for (int i = 0; i < 6; i++) {
            split().run(200 + random.nextInt(2500));
            heal().run(random.nextInt(1500));
        }
        return heal();
    }

    int violations() {
        return violations;
    }

    List<Node> honest() {
        return nodes.stream().filter(node -> node.honest).toList();
    }

    /** The height that all honest nodes have, each its own. */
    long height() {
        return honest().stream()
                .mapToLong(node -> node.head.head().height())
                .min()
                .orElse(0);
    }

    long finality() {
        return honest().stream()
                .mapToLong(node -> lab.engine().finality(node.head.parent()))
                .min()
                .orElse(0);
    }

    /** How many different quants the honest nodes have at the height below which all of them agree on the length. */
    long branches(int belowHead) {
        long height = Math.max(0, height() - belowHead);
        return honest().stream()
                .map(node -> {
                    Tip at = node.head;
                    while (at.head().height() > height) {
                        at = node.known.get(at.head().header().previous());
                    }
                    return at.head().hash();
                })
                .distinct()
                .count();
    }

    Status status() {
        return lab.engine().status(honest().get(0).head.parent(), now);
    }
}
