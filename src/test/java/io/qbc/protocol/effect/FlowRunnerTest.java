package io.qbc.protocol.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowRunnerTest {
    private static final Fault FAULT = Fault.malformed();
    private static final Outcome<Done> DONE = new Outcome.Succeeded<>(Done.DONE);

    private static Flow<Done> pause(long millis) {
        return Flow.of(new Effect.Wait(millis));
    }

    @Test
    void aTaskGoesFromWantToWant() {
        FlowRunner<String> flowRunner =
                new FlowRunner<>(pause(1).then(done -> pause(2)).map(done -> "over"));
        assertThat(flowRunner.effect()).isEmpty();
        flowRunner.on(DONE);
        assertThat(flowRunner.effect()).contains(new Effect.Wait(1));
        flowRunner.on(DONE);
        assertThat(flowRunner.effect()).contains(new Effect.Wait(2));
        assertThat(flowRunner.outcome()).isEmpty();
        flowRunner.on(DONE);
        assertThat(flowRunner.effect()).isEmpty();
        assertThat(flowRunner.outcome()).contains(new Outcome.Succeeded<>("over"));
    }

    @Test
    void nothingHappensBeforeItIsTakenUp() {
        List<String> log = new ArrayList<>();
        Flow<Done> flow = Flow.lazy(() -> {
            log.add("begun");
            return pause(1);
        });
        assertThat(log).isEmpty();
        new FlowRunner<>(flow).on(DONE);
        assertThat(log).containsExactly("begun");
    }

    @Test
    void aFaultPassesByWhatNeedsASuccess() {
        List<String> log = new ArrayList<>();
        FlowRunner<String> flowRunner = new FlowRunner<>(pause(1).then(done -> {
                    log.add("never");
                    return pause(2);
                })
                .end(outcome -> outcome.fold(done -> "fine", Fault::toString)));
        flowRunner.on(DONE);
        flowRunner.on(new Outcome.Failed<Done>(FAULT));
        assertThat(log).isEmpty();
        assertThat(flowRunner.outcome()).contains(new Outcome.Succeeded<>(FAULT.toString()));
    }

    @Test
    void neitherRoundsNorNestingNeedAStack() {
        int[] rounds = {0};
        FlowRunner<Done> flowRunner = new FlowRunner<>(Flow.whileTrue(() -> Flow.done(++rounds[0] < 200_000)));
        flowRunner.on(DONE);
        assertThat(flowRunner.outcome()).contains(DONE);
        assertThat(rounds[0]).isEqualTo(200_000);
        Flow<Done> nested = Flow.done(Done.DONE);
        for (int i = 0; i < 200_000; i++) {
            nested = nested.map(done -> done);
        }
        FlowRunner<Done> deep = new FlowRunner<>(nested);
        deep.on(DONE);
        assertThat(deep.outcome()).contains(DONE);
    }

    @Test
    void aStepThatThrowsCanBeToldSoAndTheRestGoesOn() {
        FlowRunner<String> flowRunner = new FlowRunner<>(pause(1).<Done>then(done -> {
                    throw new IllegalStateException("a bug");
                })
                .end(outcome -> outcome.fold(done -> "fine", fault -> "caught")));
        flowRunner.on(DONE);
        assertThatThrownBy(() -> flowRunner.on(DONE)).hasMessage("a bug");
        flowRunner.on(new Outcome.Failed<Done>(FAULT));
        assertThat(flowRunner.outcome()).contains(new Outcome.Succeeded<>("caught"));
    }
}
