package io.qbc.gossip;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one peer one kind of news, a call at a time. Waking it while it works makes it look again afterwards; after a
 * failure it pauses. It never waits for another peer's pump.
 */
final class Pump {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

    private final Setting setting;
    private final Link peer;
    private final Supplier<Future<Void>> round;
    private boolean running;
    private boolean again;
    private boolean pausing;
    private boolean stopped;
    private int failures;

    /** @param round sends all that there is to send at present */
    Pump(Setting setting, Link peer, Supplier<Future<Void>> round) {
        this.setting = setting;
        this.peer = peer;
        this.round = round;
    }

    /** There may be something to send. */
    void wake() {
        if (running || pausing) {
            again = true;
        } else if (!stopped) {
            running = true;
            again = false;
            round.get().onComplete(sent -> rest(sent.cause()));
        }
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
    }

    private void rest(Throwable failure) {
        running = false;
        if (failure == null) {
            failures = 0;
            if (again) {
                wake();
            }
            return;
        }
        LOG.debug("news for {} must wait: {}", peer, failure.toString());
        failures++;
        pausing = true;
        setting.vertx().setTimer(setting.backoff().pause(failures, setting.chance()), timer -> {
            pausing = false;
            wake();
        });
    }
}
