package io.qbc.protocol.announce;

import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.function.Supplier;

/**
 * A loop that sends one peer one kind of announcements, a call at a time. Waking it while it works makes it look again
 * afterwards; after a failure it pauses. It never waits for another peer's loop.
 */
final class AnnouncementLoop {
    private final ProtocolContext protocolContext;
    private final Supplier<Flow<Done>> round;
    private boolean running;
    private boolean again;
    private boolean pausing;
    private boolean stopped;
    private int failures;

    /** @param round sends all that there is to send at present */
    AnnouncementLoop(ProtocolContext protocolContext, Supplier<Flow<Done>> round) {
        this.protocolContext = protocolContext;
        this.round = round;
    }

    /** There may be something to send. */
    Effects wake() {
        if (running || pausing) {
            again = true;
            return Effects.NONE;
        }
        if (stopped) {
            return Effects.NONE;
        }
        running = true;
        again = false;
        return Effects.of(Flow.lazy(round).after(sent -> sent.fold(done -> Flow.done(rest()), fault -> pause())));
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
    }

    private Effects rest() {
        running = false;
        failures = 0;
        return again ? wake() : Effects.NONE;
    }

    private Flow<Effects> pause() {
        running = false;
        pausing = true;
        failures++;
        return Flow.of(new Effect.Wait(protocolContext.pause(failures))).end(waited -> {
            pausing = false;
            return wake();
        });
    }
}
