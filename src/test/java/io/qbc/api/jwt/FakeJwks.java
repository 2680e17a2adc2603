package io.qbc.api.jwt;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** A place of keys that answers when the test lets it, or at once. */
public final class FakeJwks implements JwksSource {
    private final Duration pause;
    private Future<Bytes> answer;
    private volatile int reads;

    public FakeJwks(Duration pause, Bytes document) {
        this.pause = pause;
        this.answer = Future.succeededFuture(document);
    }

    /** From now on there are these keys. */
    synchronized void shows(Bytes document) {
        answer = Future.succeededFuture(document);
    }

    synchronized void fails(String why) {
        answer = Future.failedFuture(why);
    }

    /** From now on who asks must wait until the test completes this. */
    public synchronized Promise<Bytes> hold() {
        Promise<Bytes> promise = Promise.promise();
        answer = promise.future();
        return promise;
    }

    public int reads() {
        return reads;
    }

    @Override
    public synchronized Future<Bytes> read() {
        reads++;
        return answer;
    }

    @Override
    public Duration pause() {
        return pause;
    }

    @Override
    public Duration period() {
        return Duration.ofMinutes(10);
    }
}
