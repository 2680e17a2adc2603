package io.qbc.sim;

import io.qbc.ledger.Scope;
import io.qbc.ledger.Tip;
import io.qbc.model.Canonical;
import io.qbc.model.CompactQuant;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Works out anew what every stored quant must be, without the code that judged it wherever that is possible. */
final class Audit {
    private static final int TIMES = 11;
    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private final World world;
    private final Track track;
    private final Optional<Audit> past;
    private final Map<Hash, Seen> quants = new HashMap<>();
    private final Tip genesis;
    private final MessageDigest sha;

    /** @param past what a fork's parent holds, of which it has a part */
    Audit(World world, Track track, Tip genesis, Optional<Audit> past) {
        this.world = world;
        this.track = track;
        this.genesis = genesis;
        this.past = past;
        quants.put(
                genesis.head().hash(),
                new Seen(new CompactQuant(genesis.head().header(), List.of(), List.of()), genesis));
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A quant that some node has taken, and the tip that it makes. */
    record Seen(CompactQuant compactQuant, Tip tip) {
        long height() {
            return compactQuant.header().height();
        }
    }

    Seen seen(Hash hash) {
        Seen own = quants.get(hash);
        return own == null ? past.map(parent -> parent.seen(hash)).orElse(null) : own;
    }

    Seen parent(Seen quant) {
        return seen(quant.compactQuant().header().previous());
    }

    /** Takes a quant; one that was taken before must have made the same tip then. True if it is new. */
    boolean take(CompactQuant compactQuant, Tip tip) {
        Hash hash = compactQuant.header().hash();
        Seen before = quants.get(hash);
        if (before != null) {
            boolean same = before.tip().head().equals(tip.head())
                    && before.tip().frontier().equals(tip.frontier())
                    && before.tip().state().equals(tip.state());
            Violation.unless(same, "two nodes work out another state after quant " + hash);
            return false;
        }
        Seen quant = new Seen(compactQuant, tip);
        quants.put(hash, quant);
        header(quant);
        seals(quant);
        transactions(quant);
        if ((hash.a() & 3) == 0) {
            root(quant);
        }
        return true;
    }

    private void header(Seen quant) {
        Header header = quant.compactQuant().header();
        Seen parent = parent(quant);
        Violation.unless(parent != null, "a quant without a known parent was taken");
        Header before = parent.compactQuant().header();
        Violation.unless(
                header.chain().equals(genesis.head().hash())
                        && header.height() == before.height() + 1
                        && header.count() == quant.compactQuant().ids().size()
                        && header.treeSize() == before.treeSize() + header.count(),
                "the header of quant " + header.hash() + " does not follow its parent's");
        Violation.unless(header.timestamp() > median(parent), "a quant is older than the median before it");
        Violation.unless(
                quant.tip().head().weight().compareTo(parent.tip().head().weight()) > 0, "a quant adds no weight");
        track.engine()
                .check(
                        quant.compactQuant(),
                        parent.tip().parent(),
                        world.scenario().signatures())
                .ifPresent(refusal -> {
                    throw new Violation("a quant was taken against its engine: " + refusal);
                });
    }

    private long median(Seen last) {
        List<Long> times = new ArrayList<>();
        for (Seen at = last; at != null && times.size() < TIMES; at = parent(at)) {
            times.add(at.compactQuant().header().timestamp());
        }
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    private void seals(Seen quant) {
        Header header = quant.compactQuant().header();
        for (Seal seal : quant.compactQuant().seals()) {
            byte[] signed = new Encoder(64)
                    .raw("qbc/seal/1".getBytes(StandardCharsets.US_ASCII))
                    .hash(header.hash())
                    .toArray();
            Violation.unless(
                    world.scenario().signatures().verify(header.producer(), signed, seal.signature()),
                    "a seal is not its producer's");
        }
    }

    private void transactions(Seen quant) {
        Set<Hash> ids = new HashSet<>();
        Set<Hash> scopes = new HashSet<>();
        for (Hash id : quant.compactQuant().ids()) {
            Transaction transaction = world.transactions().get(id);
            Violation.unless(transaction != null, "a transaction that nobody made was taken");
            Violation.unless(ids.add(id), "a transaction is twice in a quant");
            Scope.of(transaction)
                    .ifPresent(scope -> Violation.unless(scopes.add(scope), "an author and key are twice in a quant"));
        }
        if (ids.isEmpty()) {
            return;
        }
        for (Seen at = parent(quant); at != null; at = parent(at)) {
            for (Hash id : at.compactQuant().ids()) {
                Violation.unless(!ids.contains(id), "transaction " + id + " is twice in a chain");
                if (!scopes.isEmpty()) {
                    Scope.of(world.transactions().get(id))
                            .ifPresent(scope -> Violation.unless(
                                    !scopes.contains(scope), "an author and key are twice in a chain"));
                }
            }
        }
    }

    /** Works out the root over all transactions up to a quant by the definition of RFC 6962 section 2.1. */
    void root(Seen quant) {
        List<Hash> leaves = new ArrayList<>();
        for (Seen at = quant; at != null; at = parent(at)) {
            List<Hash> ids = new ArrayList<>(at.compactQuant().ids());
            Collections.reverse(ids);
            leaves.addAll(ids);
        }
        Collections.reverse(leaves);
        List<byte[]> hashes = leaves.stream().map(this::leaf).toList();
        Violation.unless(
                Hash.at(tree(hashes), 0).equals(quant.compactQuant().header().root()),
                "the root of quant " + quant.compactQuant().hash() + " is not that of its chain's transactions");
    }

    private byte[] leaf(Hash id) {
        Transaction transaction = world.transactions().get(id);
        byte[] leaf = hash(LEAF, transaction.bodyBytes().toArray());
        Violation.unless(
                Hash.at(leaf, 0).equals(id)
                        && Canonical.commitment(transaction.salt(), transaction.payload())
                                .equals(transaction.body().commitment()),
                "transaction " + id + " is not what its id says");
        return leaf;
    }

    private byte[] tree(List<byte[]> leaves) {
        if (leaves.size() <= 1) {
            return leaves.isEmpty() ? hash() : leaves.get(0);
        }
        int left = Integer.highestOneBit(leaves.size() - 1);
        return hash(NODE, tree(leaves.subList(0, left)), tree(leaves.subList(left, leaves.size())));
    }

    private byte[] hash(byte[]... parts) {
        for (byte[] part : parts) {
            sha.update(part);
        }
        return sha.digest();
    }
}
