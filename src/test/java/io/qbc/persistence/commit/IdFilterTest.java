package io.qbc.persistence.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdFilterTest {
    @Test
    void whatIsInItIsNeverMissed() {
        long seed = new Random().nextLong();
        Random chance = new Random(seed);
        List<Hash> ids = new ArrayList<>(List.of(Hash.ZERO, new Hash(5, 0, 0, 5)));
        for (int i = 0; i < 10_000; i++) {
            ids.add(new Hash(chance.nextLong(), 0, 0, chance.nextInt(4)));
        }
        IdFilter idFilter = IdFilter.of(ids);
        assertThat(ids).as("seed %d", seed).allMatch(id -> idFilter.mayHold(List.of(id)));
        List<Hash> others = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            others.add(new Hash(chance.nextLong(), 1, 1, 1));
        }
        assertThat(idFilter.mayHold(others)).as("seed %d", seed).isFalse();
        assertThat(IdFilter.of(List.of()).mayHold(ids)).isFalse();
    }
}
