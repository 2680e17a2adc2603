package io.qbc.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private static final int WIDTH = ReplayWindow.WIDTH;

    private final ReplayWindow window = new ReplayWindow();

    @Test
    void eachNumberIsTakenOnceInAnyOrder() {
        for (long number : new long[] {3, 1, 2, 70, 64, 65, 63}) {
            assertThat(window.take(number)).isTrue();
            assertThat(window.take(number)).isFalse();
        }
    }

    @Test
    void noNumberIsBelowOne() {
        assertThat(window.take(0)).isFalse();
        assertThat(window.take(-1)).isFalse();
        assertThat(window.take(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void whatIsBehindTheWindowIsNotTaken() {
        assertThat(window.take(1)).isTrue();
        assertThat(window.take(WIDTH + 2)).isTrue();
        assertThat(window.take(1)).isFalse();
        assertThat(window.take(2)).isFalse();
        assertThat(window.take(3)).isTrue();
        assertThat(window.take(Long.MAX_VALUE)).isTrue();
        assertThat(window.take(Long.MAX_VALUE)).isFalse();
        assertThat(window.take(Long.MAX_VALUE - 1)).isTrue();
        assertThat(window.take(WIDTH + 3)).isFalse();
    }

    @Test
    void itTakesWhatAListOfAllNumbersWouldTake() {
        Random random = Chance.random();
        Set<Long> taken = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 50_000; i++) {
            long number = Math.max(1, highest + random.nextInt(2 * WIDTH) - WIDTH - WIDTH / 2);
            boolean right = number > highest - WIDTH && taken.add(number);
            assertThat(window.take(number)).as("%d after %d", number, highest).isEqualTo(right);
            highest = Math.max(highest, number);
        }
    }
}
