package io.qbc.api.stream;

import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Page;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A reader of pages for all streams of one event loop: only some are read at a time, and the others wait for their
 * turn, so that hundreds of streams do not keep everybody else on the event loop waiting.
 */
public final class PageReader {
    private static final int IN_WORK_MAX = 6;

    private final Bus bus;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int inWork;

    public PageReader(Bus bus) {
        this.bus = bus;
    }

    <Q extends Record> Future<Page> ask(Ask<Q, Page> ask, Q question) {
        Promise<Page> page = Promise.promise();
        waiting.add(() -> bus.ask(ask, question).onComplete(page).onComplete(answered -> done()));
        next();
        return page.future();
    }

    private void done() {
        inWork--;
        next();
    }

    private void next() {
        while (inWork < IN_WORK_MAX && !waiting.isEmpty()) {
            inWork++;
            waiting.poll().run();
        }
    }
}
