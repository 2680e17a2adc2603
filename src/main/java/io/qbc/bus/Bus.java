package io.qbc.bus;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The typed use of the event bus: four verbs, records only, delivery inside this process. */
public final class Bus {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

    /** The member of a verticle's configuration with what its node's addresses begin, beside another node's. */
    public static final String SCOPE = "qbc.bus.scope";

    private final EventBus events;
    private final DeliveryOptions options;
    private final String scope;

    /**
     * One instance, for the node whose verticle makes it.
     *
     * @param timeout how long an ask waits for its answer
     */
    public Bus(Vertx vertx, Duration timeout) {
        this(vertx, timeout, ownScope());
    }

    /**
     * One for a node by its scope.
     *
     * @param scope with what its addresses begin; empty for the one node of a Vertx
     */
    public Bus(Vertx vertx, Duration timeout, String scope) {
        this.scope = scope;
        events = vertx.eventBus();
        options = new DeliveryOptions()
                .setLocalOnly(true)
                .setCodecName(RecordCodec.NAME)
                .setSendTimeout(timeout.toMillis());
    }

    private static String ownScope() {
        return Optional.ofNullable(Vertx.currentContext())
                .map(Context::config)
                .map(config -> config.getString(SCOPE))
                .orElse("");
    }

    /** Makes the codec known, before the first Bus on a Vertx is used; once is enough. */
    public static void install(Vertx vertx) {
        try {
            vertx.eventBus().registerCodec(new RecordCodec());
        } catch (IllegalStateException e) {
            LOG.debug("another node on this Vertx has made the codec known: {}", e.toString());
        }
    }

    /** How an immutable record is handed over as it is, to somebody in this process. */
    public static DeliveryOptions byReference() {
        return new DeliveryOptions().setLocalOnly(true).setCodecName(RecordCodec.NAME);
    }

    private String at(String address) {
        return scope.isEmpty() ? address : scope + address;
    }

    /**
     * Asks and gives the answer; fails with {@link Failure}, which has the answerer's refusal whole, or says that there
     * was no answer in time, or nobody to give one.
     */
    public <Q extends Record, R> Future<R> ask(Ask<Q, R> ask, Q question) {
        return events.request(at(ask.address()), question, options)
                .map(message -> answer(ask, message.body()))
                .recover(cause -> Future.failedFuture(failure(ask.address(), cause)));
    }

    /** Answers every question at an address; what it throws or fails with goes to the asker. */
    public <Q extends Record, R> Future<Void> serve(Ask<Q, R> ask, Function<Q, Future<R>> answerer) {
        MessageConsumer<Object> consumer = events.localConsumer(at(ask.address()));
        consumer.handler(message -> answer(ask, answerer, message));
        return consumer.completion();
    }

    /** Tells all followers; nobody waits. */
    public <E extends Record> void tell(Topic<E> topic, E event) {
        events.publish(at(topic.address()), event, options);
    }

    /** Hears every event told from now on, on the caller's context. */
    public <E extends Record> Future<Void> follow(Topic<E> topic, Consumer<E> follower) {
        MessageConsumer<Object> consumer = events.localConsumer(at(topic.address()));
        consumer.handler(message -> {
            try {
                follower.accept(topic.event().cast(message.body()));
            } catch (RuntimeException e) {
                LOG.error("a follower of {} failed", topic.address(), e);
            }
        });
        return consumer.completion();
    }

    private <Q extends Record, R> void answer(Ask<Q, R> ask, Function<Q, Future<R>> answerer, Message<Object> message) {
        Future<R> answer;
        try {
            answer = answerer.apply(ask.question().cast(message.body()));
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.map(body -> {
                    message.reply(body, options);
                    return body;
                })
                .onFailure(cause -> message.reply(refusal(ask.address(), cause), options));
    }

    private static Refusal refusal(String address, Throwable cause) {
        Refusal refusal = Failure.of(cause);
        if (refusal.reason() == Reason.INTERNAL) {
            LOG.error("the answerer at {} failed", address, cause);
        }
        return refusal;
    }

    /** What came back: a refusal is a reply like another, so that nothing of it is lost. */
    private static <R> R answer(Ask<?, R> ask, Object reply) {
        if (reply instanceof Refusal refusal) {
            throw new Failure(refusal);
        }
        return ask.answer().cast(reply);
    }

    private static Failure failure(String address, Throwable cause) {
        if (cause instanceof Failure failure) {
            return failure;
        }
        if (cause instanceof ReplyException reply) {
            if (reply.failureType() == ReplyFailure.TIMEOUT) {
                return new Failure(Reason.TIMED_OUT, "no answer from " + address);
            }
            if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
                return new Failure(Reason.STOPPING, "nobody answers at " + address);
            }
        }
        return new Failure(Reason.INTERNAL, cause.toString());
    }
}
