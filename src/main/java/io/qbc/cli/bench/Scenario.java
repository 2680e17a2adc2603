package io.qbc.cli.bench;

import java.io.IOException;

/** One thing that is measured. */
interface Scenario {
    void run(Bench bench) throws IOException, InterruptedException;
}
