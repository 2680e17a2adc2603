package io.qbc.ledger.leap;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Steps a machine and has its effects carried out, one input after the other, also those that come meanwhile. */
public final class LeapRunner {
    private final LeapMachine machine;
    private final LongSupplier clock;
    private final LeapEffect.Performer performer;
    private final ArrayDeque<LeapInput> inputs = new ArrayDeque<>();
    private boolean stepping;

    /** @param clock milliseconds since 1970 */
    public LeapRunner(LeapMachine machine, LongSupplier clock, LeapEffect.Performer performer) {
        this.machine = machine;
        this.clock = clock;
        this.performer = performer;
    }

    /** Tells the machine, at once or after what it is told before. */
    public void step(LeapInput input) {
        inputs.add(input);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            while (!inputs.isEmpty()) {
                machine.step(inputs.remove(), clock.getAsLong()).forEach(effect -> effect.perform(performer));
            }
        } finally {
            stepping = false;
        }
    }
}
