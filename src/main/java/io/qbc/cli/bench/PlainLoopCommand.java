package io.qbc.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the plain batch loop and prints its transactions a second. */
@Command(name = "loop", hidden = true, description = "The plain batch loop that the bench compares with.")
final class PlainLoopCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--seconds", required = true)
    private int seconds;

    @Option(names = "--size", required = true)
    private int size;

    @Override
    public Integer call() throws Exception {
        try (PlainLoop loop = new PlainLoop(data, new Payloads(size))) {
            loop.run(Duration.ofSeconds(3));
            double rate = loop.run(Duration.ofSeconds(seconds));
            spec.commandLine().getOut().println(PlainLoop.PREFIX + rate);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
