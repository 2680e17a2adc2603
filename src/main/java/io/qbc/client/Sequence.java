package io.qbc.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;

/** Work on one item after the other, each when the one before is done. */
final class Sequence<T> {
    private final Iterator<T> items;
    private final Function<T, Future<?>> work;
    private final Promise<Void> done = Promise.promise();

    private Sequence(Iterator<T> items, Function<T, Future<?>> work) {
        this.items = items;
        this.work = work;
    }

    /** Complete when all is done; the first failure ends it. */
    static <T> Future<Void> of(Iterator<T> items, Function<T, Future<?>> work) {
        Sequence<T> sequence = new Sequence<>(items, work);
        sequence.go();
        return sequence.done.future();
    }

    /** What is done at once costs no depth of the stack. */
    private void go() {
        while (items.hasNext()) {
            Future<?> one = begin(items.next());
            if (!one.isComplete()) {
                one.onComplete(any -> {
                    if (one.succeeded()) {
                        go();
                    } else {
                        done.fail(one.cause());
                    }
                });
                return;
            }
            if (one.failed()) {
                done.fail(one.cause());
                return;
            }
        }
        done.complete();
    }

    private Future<?> begin(T item) {
        try {
            return work.apply(item);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
