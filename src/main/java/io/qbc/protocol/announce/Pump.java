package io.qbc.protocol.announce;

import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.peer.Means;
import java.util.function.Supplier;

/**
 * Sends one peer one kind of news, a call at a time. Waking it while it works makes it look again afterwards; after a
 * failure it pauses. It never waits for another peer's pump.
 */
final class Pump {
    private final Means means;
    private final Supplier<Task<Done>> round;
    private boolean running;
    private boolean again;
    private boolean pausing;
    private boolean stopped;
    private int failures;

    /** @param round sends all that there is to send at present */
    Pump(Means means, Supplier<Task<Done>> round) {
        this.means = means;
        this.round = round;
    }

    /** There may be something to send. */
    Step wake() {
        if (running || pausing) {
            again = true;
            return Step.NONE;
        }
        if (stopped) {
            return Step.NONE;
        }
        running = true;
        again = false;
        return Step.of(Task.lazy(round).after(sent -> sent.fold(done -> Task.done(rest()), fault -> pause())));
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
    }

    private Step rest() {
        running = false;
        failures = 0;
        return again ? wake() : Step.NONE;
    }

    private Task<Step> pause() {
        running = false;
        pausing = true;
        failures++;
        return Task.of(new Want.Wait(means.pause(failures))).end(waited -> {
            pausing = false;
            return wake();
        });
    }
}
