package io.qbc.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private final Random random = Chance.random();

    /** RFC 6962 section 2.1 as it is written: split at the largest power of two below the size. */
    private static Hash naive(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return Sha256.of(new byte[0], 0, 0);
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return Sha256.node(naive(leaves.subList(0, split)), naive(leaves.subList(split, leaves.size())));
    }

    @Test
    void agreesWithTheDefinition() {
        List<Hash> leaves = new ArrayList<>();
        Frontier oneByOne = Frontier.EMPTY;
        for (int size = 0; size <= 300; size++) {
            assertThat(oneByOne.size()).isEqualTo(size);
            assertThat(oneByOne.root()).as("%d leaves", size).isEqualTo(naive(leaves));
            assertThat(Frontier.EMPTY.append(leaves)).isEqualTo(oneByOne).hasSameHashCodeAs(oneByOne);
            leaves.add(leaf());
            oneByOne = oneByOne.append(leaves.subList(size, size + 1));
        }
    }

    @Test
    void doesNotCareHowTheLeavesCame() {
        for (int round = 0; round < 300; round++) {
            List<Hash> leaves = leaves(random.nextInt(301));
            Frontier grown = Frontier.EMPTY;
            for (int from = 0; from < leaves.size(); ) {
                int to = from + random.nextInt(leaves.size() - from + 1);
                grown = grown.append(leaves.subList(from, to));
                from = to;
            }
            assertThat(grown.root()).isEqualTo(naive(leaves));
            assertThat(grown).isEqualTo(Frontier.EMPTY.append(leaves));
        }
    }

    @Test
    void leavesTheFrontierBeforeAsItWas() {
        Frontier before = Frontier.EMPTY.append(leaves(7));
        Hash root = before.root();
        assertThat(before.append(leaves(9)).root()).isNotEqualTo(root);
        assertThat(before.root()).isEqualTo(root);
        assertThat(before.append(List.of())).isEqualTo(before);
    }

    /** CVE-2012-2459: a tree that doubles its odd leaf has the same root for [a,b,c] and [a,b,c,c]. */
    @Test
    void doesNotDoubleAnOddLeaf() {
        for (int size : new int[] {1, 3, 5, 6, 7, 11, 13}) {
            List<Hash> leaves = leaves(size);
            for (int tail = 1; tail <= size; tail++) {
                List<Hash> doubled = new ArrayList<>(leaves);
                doubled.addAll(leaves.subList(size - tail, size));
                assertThat(Frontier.EMPTY.append(doubled).root())
                        .isNotEqualTo(Frontier.EMPTY.append(leaves).root());
            }
        }
    }

    @Test
    void dependsOnOrderAndEveryLeaf() {
        List<Hash> leaves = leaves(21);
        Hash root = Frontier.EMPTY.append(leaves).root();
        for (int i = 0; i < leaves.size(); i++) {
            List<Hash> other = new ArrayList<>(leaves);
            other.set(i, leaf());
            assertThat(Frontier.EMPTY.append(other).root()).isNotEqualTo(root);
            other.set(i, leaves.get((i + 1) % 21));
            other.set((i + 1) % 21, leaves.get(i));
            assertThat(Frontier.EMPTY.append(other).root())
                    .as("two leaves changed places")
                    .isNotEqualTo(root);
        }
    }

    @Test
    void readsWhatItWrites() {
        for (int size = 0; size < 130; size++) {
            Frontier frontier = Frontier.EMPTY.append(leaves(size));
            Encoder out = new Encoder(16);
            frontier.write(out);
            assertThat(out.size()).isEqualTo(8 + 32 * Integer.bitCount(size));
            Decoder in = new Decoder(out.toBytes());
            Frontier read = Frontier.read(in);
            assertThat(in.complete()).isTrue();
            assertThat(read).isEqualTo(frontier).hasToString(frontier.toString());
            assertThat(read.root()).isEqualTo(frontier.root());
        }
    }

    @Test
    void neverThrowsOnBytesThatAreNone() {
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = Chance.bytes(random, random.nextInt(120));
            if (bytes.length > 6) {
                Arrays.fill(bytes, 0, 6, (byte) (random.nextInt(3) - 1));
            }
            Decoder in = new Decoder(Bytes.wrap(bytes));
            Frontier read = Frontier.read(in);
            if (in.complete()) {
                Encoder out = new Encoder(16);
                read.write(out);
                assertThat(out.toBytes()).isEqualTo(Bytes.wrap(bytes));
            }
        }
    }

    private List<Hash> leaves(int count) {
        List<Hash> leaves = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            leaves.add(leaf());
        }
        return leaves;
    }

    private Hash leaf() {
        return Hash.at(Chance.bytes(random, 32), 0);
    }
}
