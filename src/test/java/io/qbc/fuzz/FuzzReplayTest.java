package io.qbc.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All inputs that fuzzing has kept, read again, and some changes of each, the same at every run. Further ones are
 * looked for by {@code mvn -Pfuzz test}.
 */
class FuzzReplayTest {
    private static final int CHANGES = 40;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void whatWasKeptIsRead(FuzzTarget target) {
        List<byte[]> inputs = FuzzInputs.texts(target);
        assertThat(inputs).hasSizeGreaterThan(4);
        inputs.forEach(input -> accept(target, input));
    }

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void changesOfItAreRead(FuzzTarget target) {
        List<byte[]> inputs = FuzzInputs.texts(target);
        Random random = new Random(target.name().hashCode());
        for (byte[] input : inputs) {
            for (int i = 0; i < CHANGES; i++) {
                accept(target, FuzzInputs.changed(input, inputs.get(random.nextInt(inputs.size())), random));
            }
        }
    }

    @Test
    void whatATargetThrowsIsAFault() {
        assertThatThrownBy(() -> FuzzTarget.expect(false, "two ids")).isInstanceOf(AssertionError.class);
    }

    private static void accept(FuzzTarget target, byte[] input) {
        try {
            target.accept(input);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(target + " at " + HexFormat.of().formatHex(input), e);
        }
    }
}
