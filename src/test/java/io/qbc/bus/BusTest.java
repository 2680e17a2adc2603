package io.qbc.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Patience;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final Ask<Question, Answer> ASK = new Ask<>("test.ask", Question.class, Answer.class);
    private static final Refusal REFUSAL =
            new Refusal(Reason.RULES_BROKEN, "two fields are wrong: a b", List.of("/a", "/b/0"));

    private final Vertx vertx = Vertx.vertx();
    private Bus bus;

    private record Question(int number) {}

    private record Answer(int number) {}

    @BeforeEach
    void begin() {
        Bus.install(vertx);
        bus = new Bus(vertx, Patience.ANSWER);
    }

    @AfterEach
    void end() throws Exception {
        done(vertx.close());
    }

    @Test
    void anAnswerComesOverAsItIs() throws Exception {
        Answer answer = new Answer(7);
        serve(question -> Future.succeededFuture(answer));
        assertThat(done(bus.ask(ASK, new Question(7)))).isSameAs(answer);
    }

    @Test
    void aRefusalComesOverWhole() throws Exception {
        serve(question -> Future.failedFuture(new Failure(REFUSAL)));
        assertThat(refused(bus)).isEqualTo(REFUSAL);
    }

    @Test
    void aRefusalThatIsThrownComesOverWhole() throws Exception {
        serve(question -> {
            throw new Failure(REFUSAL);
        });
        assertThat(refused(bus)).isEqualTo(REFUSAL);
    }

    @Test
    void anAnswererThatFailsIsAFaultOfThisNode() throws Exception {
        serve(question -> {
            throw new IllegalStateException("odd");
        });
        assertThat(refused(bus)).isEqualTo(Reason.INTERNAL.refusal("java.lang.IllegalStateException: odd"));
    }

    @Test
    void nobodyThereIsAStageThatStops() {
        assertThat(refused(bus)).isEqualTo(Reason.STOPPING.refusal("nobody answers at test.ask"));
    }

    @Test
    void anAnswerThatDoesNotComeTimesOut() throws Exception {
        serve(question -> Promise.<Answer>promise().future());
        assertThat(refused(new Bus(vertx, Duration.ofMillis(20))))
                .isEqualTo(Reason.TIMED_OUT.refusal("no answer from test.ask"));
    }

    @Test
    void anAnswerOfAnotherKindIsAFaultOfThisNode() throws Exception {
        Ask<Question, Question> other = new Ask<>(ASK.address(), Question.class, Question.class);
        done(bus.serve(other, Future::succeededFuture));
        assertThat(refused(bus).reason()).isEqualTo(Reason.INTERNAL);
    }

    @Test
    void theMessageOfAFailureSaysWhy() throws Exception {
        serve(question -> Future.failedFuture(new Failure(REFUSAL)));
        assertThatThrownBy(() -> done(bus.ask(ASK, new Question(1))))
                .hasRootCauseMessage("rules_broken: two fields are wrong: a b");
    }

    private void serve(Function<Question, Future<Answer>> answerer) throws Exception {
        done(bus.serve(ASK, answerer));
    }

    private static Refusal refused(Bus bus) {
        try {
            throw new AssertionError("answered: " + done(bus.ask(ASK, new Question(1))));
        } catch (Exception e) {
            assertThat(e).hasCauseInstanceOf(Failure.class);
            return ((Failure) e.getCause()).refusal();
        }
    }

    private static <T> T done(Future<T> future) throws Exception {
        return Patience.outcome(future);
    }
}
