package io.qbc.protocol.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final Fault FAULT = Fault.malformed();
    private static final Outcome<Done> DONE = new Outcome.Came<>(Done.DONE);

    private static Task<Done> pause(long millis) {
        return Task.of(new Want.Wait(millis));
    }

    @Test
    void aTaskGoesFromWantToWant() {
        Run<String> run = new Run<>(pause(1).then(done -> pause(2)).map(done -> "over"));
        assertThat(run.want()).isEmpty();
        run.on(DONE);
        assertThat(run.want()).contains(new Want.Wait(1));
        run.on(DONE);
        assertThat(run.want()).contains(new Want.Wait(2));
        assertThat(run.outcome()).isEmpty();
        run.on(DONE);
        assertThat(run.want()).isEmpty();
        assertThat(run.outcome()).contains(new Outcome.Came<>("over"));
    }

    @Test
    void nothingHappensBeforeItIsTakenUp() {
        List<String> log = new ArrayList<>();
        Task<Done> task = Task.lazy(() -> {
            log.add("begun");
            return pause(1);
        });
        assertThat(log).isEmpty();
        new Run<>(task).on(DONE);
        assertThat(log).containsExactly("begun");
    }

    @Test
    void aFaultPassesByWhatNeedsASuccess() {
        List<String> log = new ArrayList<>();
        Run<String> run = new Run<>(pause(1).then(done -> {
                    log.add("never");
                    return pause(2);
                })
                .end(outcome -> outcome.fold(done -> "fine", Fault::toString)));
        run.on(DONE);
        run.on(new Outcome.Failed<Done>(FAULT));
        assertThat(log).isEmpty();
        assertThat(run.outcome()).contains(new Outcome.Came<>(FAULT.toString()));
    }

    @Test
    void neitherRoundsNorNestingNeedAStack() {
        int[] rounds = {0};
        Run<Done> run = new Run<>(Task.whileTrue(() -> Task.done(++rounds[0] < 200_000)));
        run.on(DONE);
        assertThat(run.outcome()).contains(DONE);
        assertThat(rounds[0]).isEqualTo(200_000);
        Task<Done> nested = Task.done(Done.DONE);
        for (int i = 0; i < 200_000; i++) {
            nested = nested.map(done -> done);
        }
        Run<Done> deep = new Run<>(nested);
        deep.on(DONE);
        assertThat(deep.outcome()).contains(DONE);
    }

    @Test
    void aStepThatThrowsCanBeToldSoAndTheRestGoesOn() {
        Run<String> run = new Run<>(pause(1).<Done>then(done -> {
                    throw new IllegalStateException("a bug");
                })
                .end(outcome -> outcome.fold(done -> "fine", fault -> "caught")));
        run.on(DONE);
        assertThatThrownBy(() -> run.on(DONE)).hasMessage("a bug");
        run.on(new Outcome.Failed<Done>(FAULT));
        assertThat(run.outcome()).contains(new Outcome.Came<>("caught"));
    }
}
