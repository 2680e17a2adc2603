package io.qbc.persistence;

import static io.qbc.bus.Catalogue.READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Read;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A random tree of quants leads to the same head and the same transactions in the chain, in any order of arrival. */
class RandomTreeTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final int QUANTS = 40;
    private static final int ORDERS = 6;

    @TempDir
    Path data;

    /** A quant of the tree with the tip that it makes, and everything that its branch holds. */
    private record Node(Quant quant, Tip tip, List<Hash> branch) {}

    @Test
    void anyOrderLeadsToOneHead() {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Transaction> stock = stock();
        List<Node> tree = tree(random, stock);
        Node best = tree.stream()
                .max((a, b) -> ForkChoice.ORDER.compare(a.tip().head(), b.tip().head()))
                .orElseThrow();
        for (int order = 0; order < ORDERS; order++) {
            List<Node> arrival = new ArrayList<>(tree);
            Collections.shuffle(arrival, random);
            Path directory = data.resolve("order" + order);
            try (StoreFixture storeFixture = StoreFixture.start(directory, SPEC)) {
                for (Node node : arrival) {
                    if (random.nextInt(3) == 0) {
                        storeFixture.keep(SPEC, stock.get(random.nextInt(stock.size())));
                    }
                    assertThat(storeFixture.offer(SPEC, node.quant()))
                            .as("seed %d", seed)
                            .isNotInstanceOfAny(Verdict.Refused.class, Verdict.Missing.class);
                }
                // The answer comes before the orphans of the last quant are tried; this question waits for them.
                storeFixture.waiting(SPEC);
                assertThat(storeFixture.tip(SPEC)).as("seed %d", seed).isEqualTo(best.tip());
                assertThat(placed(storeFixture)).as("seed %d", seed).isEqualTo(best.branch());
                assertWaiting(storeFixture, tree, best, seed);
                storeFixture.undeploy();
            }
            assertThat(Verify.run(directory, Samples.config(directory, 0), spec -> DataRules.NONE, progress -> {})
                            .findings())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    private static List<Transaction> stock() {
        List<Transaction> stock = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            // Some are signed, two of them at a time under one key.
            stock.add(
                    n % 5 < 2
                            ? Signing.transaction(SPEC, n, "key " + n / 5, "{\"n\":" + n + "}")
                            : Samples.transaction(SPEC, n));
        }
        return stock;
    }

    private static List<Node> tree(Random random, List<Transaction> stock) {
        List<Node> nodes = new ArrayList<>();
        for (int n = 0; n < QUANTS; n++) {
            // Mostly on one of the newest, so that branches grow long.
            int back = Math.min(nodes.size(), 1 + random.nextInt(6));
            boolean root = nodes.isEmpty() || random.nextInt(15) == 0;
            Tip parent =
                    root ? Tip.genesis(SPEC) : nodes.get(nodes.size() - back).tip();
            List<Hash> before =
                    root ? List.of() : nodes.get(nodes.size() - back).branch();
            List<Transaction> content = content(random, stock, before);
            Quant quant = Samples.quant(SPEC, parent, content, StoreFixture.NOW - 1000 + random.nextInt(1000));
            List<Hash> branch = new ArrayList<>(before);
            content.forEach(transaction -> branch.add(transaction.id()));
            nodes.add(new Node(quant, StoreFixture.after(SPEC, parent, quant), branch));
        }
        return nodes;
    }

    /** Transactions that may follow this branch: none twice, and each key of an author once. */
    private static List<Transaction> content(Random random, List<Transaction> stock, List<Hash> before) {
        Set<Integer> used = new HashSet<>();
        for (int n = 0; n < stock.size(); n++) {
            if (before.contains(stock.get(n).id())) {
                used.add(use(n));
            }
        }
        List<Transaction> content = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int n = random.nextInt(stock.size());
            if (used.add(use(n))) {
                content.add(stock.get(n));
            }
        }
        return content;
    }

    private static int use(int n) {
        return n % 5 < 2 ? -1 - n / 5 : n;
    }

    private static List<Hash> placed(StoreFixture storeFixture) {
        List<Hash> ids = new ArrayList<>();
        storeFixture
                .ask(READ, new Read(SPEC.id(), new Cursor(0, 0), 1 << 24, 1000))
                .pieces()
                .forEach(piece -> piece.transactions().forEach(transaction -> ids.add(transaction.id())));
        return ids;
    }

    /** Whatever came with any quant and is not in the chain waits, unless its author's key is used up. */
    private static void assertWaiting(StoreFixture storeFixture, List<Node> tree, Node best, long seed) {
        Set<Hash> unsigned = new LinkedHashSet<>();
        for (Node node : tree) {
            for (Transaction transaction : node.quant().transactions()) {
                if (transaction.signature().isEmpty() && !best.branch().contains(transaction.id())) {
                    unsigned.add(transaction.id());
                }
            }
        }
        List<Hash> waiting = storeFixture.waitingIds(SPEC);
        assertThat(waiting).as("seed %d", seed).containsAll(unsigned).doesNotHaveDuplicates();
        assertThat(waiting).as("seed %d", seed).doesNotContainAnyElementsOf(best.branch());
        assertThat(storeFixture.leap(SPEC)).as("seed %d", seed).isInstanceOf(Verdict.Extended.class);
        assertThat(storeFixture.waitingIds(SPEC)).as("seed %d", seed).isEmpty();
    }
}
