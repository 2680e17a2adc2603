package io.qbc.client.transport;

import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.QbcException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;

/** A stream of events and its delivery, whichever way the events come; all but the place is of one context. */
public abstract class Follower implements EventStream {
    /** A node that is behind does not have the last quant yet. */
    protected static final String QUANT_UNKNOWN = "quant_unknown";

    protected final Vertx vertx;
    protected final Transport.Followed followed;
    protected final Context context;
    protected final EventDelivery delivery;
    protected final Promise<EventStream> opened = Promise.promise();

    protected Follower(Vertx vertx, Transport.Followed followed, Optional<String> place) {
        this.vertx = vertx;
        this.followed = followed;
        this.context = vertx.getOrCreateContext();
        this.delivery = new EventDelivery(context, followed.handler(), place);
        // Also when the handler ends it: nobody may come to close it any more.
        delivery.ended().onComplete(over -> release());
    }

    /** Begins to follow; complete when the stream runs. */
    public abstract Future<EventStream> begin();

    /** Lets go of what the events come by; may come more than once. */
    protected abstract void release();

    @Override
    public final Optional<String> place() {
        return delivery.place();
    }

    @Override
    public final Future<Void> ended() {
        return delivery.ended();
    }

    @Override
    public final Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(any -> finish(Optional.empty()).onComplete(done));
        return done.future();
    }

    /** Ends the stream, by this failure if there is one; complete when no event is being handled any more. */
    protected final Future<Void> finish(Optional<QbcException> cause) {
        Future<Void> quiet = delivery.end(cause.map(failure -> failure));
        opened.tryFail(cause.orElseGet(Retrier::closedFailure));
        release();
        return quiet;
    }
}
