package io.qbc.node;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.bus.Catalogue.FindPeers;
import io.qbc.bus.Catalogue.FindTip;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.ledger.Tip;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a catch-up on the terminal at which the node was started, in one line that is written over and over. */
final class TerminalVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalVerticle.class);
    private static final long REDRAW_MILLIS = 500;
    private static final String BEGIN = "\r";
    private static final String CLEAR = "\u001b[K";

    private final PrintWriter terminal;
    private final InstantSource clock;
    private final Duration askTimeout;
    private Optional<Shown> shown = Optional.empty();
    private boolean asking;

    /** @param terminal where the line is shown */
    TerminalVerticle(PrintWriter terminal, InstantSource clock, Duration askTimeout) {
        this.terminal = terminal;
        this.clock = clock;
        this.askTimeout = askTimeout;
    }

    /** Whether the process has a terminal; from Java 22 on there is a console without one too, which says so. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean possible() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            LOG.debug("the console does not say what it is", e);
            return false;
        }
    }

    private record Shown(CatchUp run, CatchUpLine line) {
        boolean of(CatchUp other) {
            return run.chain().equals(other.chain()) && run.peer().equals(other.peer());
        }
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        vertx.setPeriodic(REDRAW_MILLIS, timer -> look(bus));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        clear();
        return Future.succeededFuture();
    }

    private void look(Bus bus) {
        if (asking) {
            return;
        }
        asking = true;
        bus.ask(Catalogue.FIND_PEERS, new FindPeers())
                .compose(peers -> show(bus, peers))
                .onFailure(cause -> LOG.debug("there is nothing to show: {}", cause.toString()))
                .onComplete(done -> asking = false);
    }

    private Future<?> show(Bus bus, Peers peers) {
        if (peers.catchUps().isEmpty()) {
            clear();
            return Future.succeededFuture();
        }
        CatchUp run = peers.catchUps().get(0);
        return bus.ask(Catalogue.FIND_TIP, new FindTip(run.chain())).onSuccess(tip -> show(run, tip));
    }

    private void show(CatchUp run, Tip tip) {
        long now = clock.millis();
        long size = tip.head().header().treeSize();
        CatchUpLine line = shown.filter(before -> before.of(run))
                .map(Shown::line)
                .orElseGet(() -> new CatchUpLine(now, run.height(), size));
        shown = Optional.of(new Shown(run, line));
        terminal.print(BEGIN + line.text(run, size, now) + CLEAR);
        terminal.flush();
    }

    private void clear() {
        if (shown.isPresent()) {
            shown = Optional.empty();
            terminal.print(BEGIN + CLEAR);
            terminal.flush();
        }
    }
}
