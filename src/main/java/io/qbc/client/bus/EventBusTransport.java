package io.qbc.client.bus;

import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.QbcException;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to nodes over the event bus. */
public final class EventBusTransport implements Transport {
    public static final String BASE = "qbc.v1";
    private static final String AUTHORIZATION = "authorization";
    private static final String WAIT = "wait";
    /** What the path of a projection's routes calls the name of one. */
    private static final String PROJECTION = "projection";

    private static final String NAME = "name";
    private static final int INVALID_STATUS = 400;

    private final Vertx vertx;
    private final ClientOptions options;
    private final String base;
    private final Set<EventBusFollower> followers = ConcurrentHashMap.newKeySet();

    public EventBusTransport(Vertx vertx, ClientOptions options, String base) {
        this.vertx = vertx;
        this.options = options;
        this.base = base;
    }

    /** The bus chooses among those that answer. */
    @Override
    public int nodes() {
        return 1;
    }

    @Override
    public boolean isRewriting() {
        return true;
    }

    /** None: a message is one transaction. */
    @Override
    public Optional<Batches> batches() {
        return Optional.empty();
    }

    @Override
    public Future<Bytes> call(int node, ApiRequest request, long millis) {
        return call(base, request, millis);
    }

    /** The same with what the addresses of one node begin with, or the shared ones. */
    Future<Bytes> call(String base, ApiRequest request, long millis) {
        String address = base + "." + request.verb().address();
        DeliveryOptions delivery = new DeliveryOptions().setSendTimeout(millis);
        options.credential().get().ifPresent(token -> delivery.addHeader(AUTHORIZATION, "Bearer " + token));
        request.traceFields().forEach(delivery::addHeader);
        return vertx.eventBus()
                .<Object>request(address, message(request), delivery)
                .map(reply -> text(reply.body()))
                .recover(cause -> Future.failedFuture(failure(address, cause, millis)));
    }

    private static JsonObject message(ApiRequest request) {
        JsonObject body = request.body().map(EventBusTransport::parsed).orElseGet(JsonObject::new);
        JsonObject message = request.verb()
                .document()
                .map(member -> new JsonObject().put(member, body))
                .orElse(body);
        request.members().forEach((name, value) -> put(message, name, value));
        if (request.isWaitTold()) {
            message.put(WAIT, request.waitSeconds());
        }
        return message;
    }

    private static void put(JsonObject message, String name, Object value) {
        if (value instanceof Map<?, ?> columns) {
            JsonObject equal = new JsonObject();
            columns.forEach((column, wanted) -> equal.put(column.toString(), wanted));
            message.put(name, equal);
        } else {
            message.put(name.equals(PROJECTION) ? NAME : name, value);
        }
    }

    private static JsonObject parsed(Bytes text) {
        try {
            return new JsonObject(Buffer.buffer(text.toArray()));
        } catch (DecodeException | ClassCastException e) {
            throw new QbcException(new QbcException.Problem(
                    INVALID_STATUS,
                    "json_invalid",
                    "The JSON is not acceptable",
                    "the text is no JSON object: " + e.getMessage(),
                    List.of(),
                    false));
        }
    }

    private static Bytes text(Object body) {
        return body instanceof JsonObject json ? Bytes.wrap(json.toBuffer().getBytes()) : Bytes.EMPTY;
    }

    private static TryFailure failure(String address, Throwable cause, long millis) {
        if (cause instanceof ReplyException reply) {
            if (reply.failureType() == ReplyFailure.TIMEOUT) {
                return TryFailure.timedOut(address, millis);
            }
            if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
                return TryFailure.unreachable(address, cause);
            }
            String document = reply.getMessage() == null ? "" : reply.getMessage();
            return TryFailure.refused(reply.failureCode(), Bytes.utf8(document), 0);
        }
        return TryFailure.of(cause);
    }

    /** With what the addresses begin that any node answers. */
    String base() {
        return base;
    }

    Vertx vertx() {
        return vertx;
    }

    @Override
    public Future<EventStream> follow(Retrier retrier, Followed followed) {
        EventBusFollower follower = new EventBusFollower(this, retrier, followed);
        followers.add(follower);
        follower.ended().onComplete(over -> followers.remove(follower));
        return follower.begin();
    }

    @Override
    public Future<Void> close() {
        return Future.join(List.copyOf(followers).stream()
                        .map(EventBusFollower::close)
                        .toList())
                .mapEmpty();
    }
}
