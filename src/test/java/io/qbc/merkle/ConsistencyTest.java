package io.qbc.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Chance;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsistencyTest {
    private static final int SIZE_MAX = 70;

    private final Random random = Chance.random();
    private final List<Hash> leaves =
            Stream.generate(this::hash).limit(SIZE_MAX).toList();

    @Test
    void everyTreeGrewOutOfEverySmallerOne() {
        for (int newer = 1; newer <= SIZE_MAX; newer++) {
            for (int older = 1; older <= newer; older++) {
                Consistency proof = Consistency.of(leaves.subList(0, newer), older);
                assertThat(proof.proves(root(older), root(newer)))
                        .as("%d of %d", older, newer)
                        .isTrue();
            }
        }
    }

    @Test
    void provesNothingElse() {
        for (int newer = 2; newer <= SIZE_MAX; newer++) {
            int older = 1 + random.nextInt(newer - 1);
            Consistency proof = Consistency.of(leaves.subList(0, newer), older);
            assertThat(proof.proves(hash(), root(newer))).isFalse();
            assertThat(proof.proves(root(older), hash())).isFalse();
            for (int i = 0; i < proof.path().size(); i++) {
                List<Hash> other = new ArrayList<>(proof.path());
                other.set(i, hash());
                assertNotProven(older, newer, other);
                other.remove(i);
                assertNotProven(older, newer, other);
            }
            List<Hash> longer = new ArrayList<>(proof.path());
            longer.add(hash());
            assertNotProven(older, newer, longer);
        }
    }

    @Test
    void aChangedPastIsNotConsistent() {
        for (int older = 1; older < SIZE_MAX; older++) {
            List<Hash> changed = new ArrayList<>(leaves);
            changed.set(random.nextInt(older), hash());
            Hash newer = Frontier.EMPTY.append(changed).root();
            assertThat(Consistency.of(changed, older).proves(root(older), newer))
                    .isFalse();
        }
    }

    @Test
    void theExamplesOfTheRfc() {
        // RFC 9162 section 2.1.5: of seven leaves, the proof for 3 is [c, d, g, l], for 4 [l], for 6 [i, j, k].
        Hash g = Sha256.node(leaves.get(0), leaves.get(1));
        Hash h = Sha256.node(leaves.get(2), leaves.get(3));
        Hash i = Sha256.node(leaves.get(4), leaves.get(5));
        Hash j = leaves.get(6);
        Hash k = Sha256.node(g, h);
        Hash l = Sha256.node(i, j);
        List<Hash> seven = leaves.subList(0, 7);
        assertThat(Consistency.of(seven, 3).path()).containsExactly(leaves.get(2), leaves.get(3), g, l);
        assertThat(Consistency.of(seven, 4).path()).containsExactly(l);
        assertThat(Consistency.of(seven, 6).path()).containsExactly(i, j, k);
    }

    @Test
    void treesDoNotShrink() {
        assertThatThrownBy(() -> new Consistency(2, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Consistency(0, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertNotProven(int older, int newer, List<Hash> path) {
        assertThat(new Consistency(older, newer, path).proves(root(older), root(newer)))
                .isFalse();
    }

    private Hash root(int size) {
        return Frontier.EMPTY.append(leaves.subList(0, size)).root();
    }

    private Hash hash() {
        return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }
}
