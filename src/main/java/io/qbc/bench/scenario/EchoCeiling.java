package io.qbc.bench.scenario;

import io.qbc.bench.load.Http;
import io.qbc.bench.load.Load;
import io.qbc.bench.process.Child;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Measures the HTTP echo: what this machine gives when nothing is stored. */
final class EchoCeiling {
    /** Requests a second. */
    double measure(Bench bench) throws IOException, InterruptedException {
        int port = Child.freePort();
        List<String> arguments = List.of(Bench.ECHO, "--port", Integer.toString(port));
        try (Child echo = Child.start("echo", bench.directory("echo"), List.of(Bench.HEAP), Map.of(), arguments)) {
            waitFor(echo, port);
            Load load = Load.closed(
                    port,
                    bench.options().connections(),
                    bench.payloads().single(),
                    bench.options().time());
            bench.warmUp(load);
            Measured measured = bench.measure(echo.pid(), load);
            double rate = measured.report().rate();
            bench.rows()
                    .add(measured.row("http echo, nothing stored", "requests/s").ratio(1));
            return rate;
        }
    }

    private static void waitFor(Child echo, int port) throws IOException {
        while (true) {
            echo.expectAlive();
            try (Socket socket = new Socket()) {
                socket.connect(Http.address(port), 1000);
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
