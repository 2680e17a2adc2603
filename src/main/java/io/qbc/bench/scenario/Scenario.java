package io.qbc.bench.scenario;

import java.io.IOException;

/** One thing that is measured. */
public interface Scenario {
    void run(Bench bench) throws IOException, InterruptedException;
}
