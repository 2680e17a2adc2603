package io.qbc.eventbus.bridge;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.Problems;
import io.qbc.api.access.Excess;
import io.qbc.api.access.RelayedCallers;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.access.RelayedCallers.Relayed;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.BridgeMeter;
import io.qbc.api.limits.MessageBody;
import io.qbc.bus.Failure;
import io.qbc.config.AccessMode;
import io.qbc.config.BridgeConfig;
import io.qbc.eventbus.AddressBase;
import io.qbc.eventbus.PublicAddresses;
import io.qbc.eventbus.bridge.BridgeAddresses.Target;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.tracing.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The dialogue with one caller of a bridge: it sends messages to public addresses and is sent the answers, and the
 * events of the subscriptions that it has begun itself. What it sends is judged where messages of the bus are.
 */
public final class BridgeSession {
    private static final long ASK_MILLIS = 60_000;
    private static final long LOOK_MILLIS_MAX = 1000;
    private static final int REPLY_LENGTH_MAX = 64;
    private static final String BODY = ",\"body\":";
    /** Of what callers send beside the body, what means something on the bus. */
    private static final List<String> HEADERS = List.of("authorization", Tracing.PARENT, Tracing.STATE);

    private final Vertx vertx;
    private final ApiContext api;
    private final BridgeConfig config;
    private final BridgeMeter meter;
    private final BridgeAddresses addresses;
    private final From from;
    private final AddressShare share;
    private final BridgeOutput out;
    private final Map<String, MessageConsumer<Object>> registered = new HashMap<>();
    /** Addresses of subscriptions that this caller began, the oldest first. */
    private final Set<String> begun = new LinkedHashSet<>();

    private final long timer;
    private int inFlight;
    private long pendingBytes;
    private long heardAt = System.nanoTime();
    private long takenAt = heardAt;
    private boolean closed;

    /** A dialogue that begins. Its methods are called in turns of the context in which it was made. */
    public BridgeSession(Vertx vertx, Context context, ApiContext api, From from, BridgeOutput out) {
        this.vertx = vertx;
        this.api = api;
        this.config = api.config().bridges();
        this.meter = api.meters().bridge(from.by());
        this.from = from;
        this.share = api.limits().addresses().join(from.address());
        this.out = out;
        boolean clustered = api.config().cluster().enabled();
        this.addresses = new BridgeAddresses(
                AddressBase.at(context, AddressBase.USUAL),
                clustered,
                api.identity().hex(),
                PermittedVerbs.of(config.permitted()));
        meter.connections().increment();
        long look = Math.max(1, Math.min(LOOK_MILLIS_MAX, config.idleTimeout().toMillis() / 4));
        timer = vertx.setPeriodic(look, unused -> look(System.nanoTime()));
    }

    /** The caller is gone, or is not to be heard any more. */
    public void close() {
        if (!closed) {
            closed = true;
            vertx.cancelTimer(timer);
            meter.connections().decrement();
            registered.values().forEach(MessageConsumer::unregister);
            registered.clear();
            leave();
        }
    }

    /** The share of the address is given back when nothing is held of it any more. */
    private void leave() {
        if (inFlight == 0) {
            api.limits().addresses().leave(from.address());
        }
    }

    /** The caller sent a message. */
    public void heard(String text) {
        if (closed) {
            return;
        }
        heardAt = System.nanoTime();
        meter.received().increment();
        JsonObject message;
        try {
            message = new JsonObject(text);
        } catch (DecodeException e) {
            refuse(Optional.empty(), Reason.JSON_INVALID.refusal("a message is a JSON object"));
            return;
        }
        Optional<String> reply = text(message, "replyAddress")
                .filter(name -> name.length() <= REPLY_LENGTH_MAX)
                .or(() -> registered(message));
        try {
            take(message, reply, text.length());
        } catch (Failure failure) {
            refuse(reply, failure.refusal());
        }
    }

    /** Clients tell whoever was to hear at an address that it is refused. */
    private static Optional<String> registered(JsonObject message) {
        return text(message, "address")
                .filter(address -> "register".equals(message.getValue("type")))
                .filter(address -> address.length() <= BridgeAddresses.LONGEST);
    }

    /** Ends the connection, since its caller keeps to no rule; counted by why. */
    public void cut(String why) {
        if (!closed) {
            close();
            meter.cut(why);
            out.cut(why);
        }
    }

    private void take(JsonObject message, Optional<String> reply, int size) {
        String type = text(message, "type").orElse("");
        if (type.equals("ping")) {
            if (!out.pong().isEmpty()) {
                write(out.pong());
            }
            return;
        }
        String address = text(message, "address")
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "a message has the member address"));
        switch (type) {
            case "send" -> send(address, message, reply, size);
            case "register" -> register(address);
            case "unregister" -> Optional.ofNullable(registered.remove(address)).ifPresent(MessageConsumer::unregister);
            case "publish" ->
                throw new Failure(
                        Reason.OPERATION_NOT_PERMITTED, "messages are sent to one that answers, not published");
            default ->
                throw new Failure(
                        Reason.REQUEST_INVALID, "the type of a message is ping, send, register or unregister");
        }
    }

    private void send(String address, JsonObject message, Optional<String> reply, int size) {
        Target target = addresses.find(address).orElseThrow(BridgeSession::unknown);
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(ASK_MILLIS + api.config().http().waitMax().toMillis());
        headers(message).forEach(options::addHeader);
        if (!target.here()) {
            Optional<Excess> excess = api.access().excess(from.address(), System.nanoTime());
            if (excess.isPresent()) {
                api.limits().exceeded(excess.get().of());
                throw new Failure(excess.get().refusal());
            }
        }
        // Until its answer is there.
        long held = MessageBody.hold(share.bodyBytes(), size);
        String ticket = target.here() ? api.access().relayed().add(from) : "";
        if (target.here()) {
            options.addHeader(RelayedCallers.HEADER, ticket);
        }
        begin();
        vertx.eventBus()
                .<Object>request(target.address(), message.getValue("body"), options)
                .onComplete(done -> {
                    api.access().relayed().remove(ticket);
                    share.bodyBytes().release(held);
                    end();
                })
                .onSuccess(answer -> answered(target, reply, answer.body()))
                .onFailure(cause -> failed(reply, cause));
    }

    private static Map<String, String> headers(JsonObject message) {
        Map<String, String> known = new HashMap<>();
        if (message.getValue("headers") instanceof JsonObject all) {
            for (String name : all.fieldNames()) {
                HEADERS.stream()
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .filter(header -> all.getValue(name) instanceof String)
                        .ifPresent(header -> known.put(header, all.getString(name)));
            }
        }
        return known;
    }

    private void begin() {
        inFlight++;
        if (inFlight == config.inFlight()) {
            out.pause(true);
        }
    }

    private void end() {
        inFlight--;
        if (closed) {
            leave();
        } else if (inFlight == config.inFlight() - 1) {
            out.pause(false);
        }
    }

    private void answered(Target target, Optional<String> reply, Object body) {
        if (closed) {
            return;
        }
        Buffer answer = body instanceof Relayed own ? Buffer.buffer(own.body().text()) : Json.encodeToBuffer(body);
        if (target.verb().equals(PublicAddresses.EVENTS_SUBSCRIBE)) {
            text(new JsonObject(answer), "address").ifPresent(this::began);
        }
        reply.ifPresent(to -> writeBody(to, answer));
    }

    /** A message to an address, whose body is JSON already. */
    private void writeBody(String address, Buffer body) {
        Buffer start =
                new JsonObject().put("type", out.type()).put("address", address).toBuffer();
        write(Buffer.buffer(start.length() + BODY.length() + body.length() + 1)
                .appendBuffer(start, 0, start.length() - 1)
                .appendString(BODY)
                .appendBuffer(body)
                .appendString("}"));
    }

    private void began(String address) {
        begun.remove(address);
        begun.add(address);
        if (begun.size() > config.handlers()) {
            Iterator<String> oldest = begun.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void failed(Optional<String> reply, Throwable cause) {
        if (cause instanceof ReplyException refused && refused.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            error(reply, refused.failureCode(), String.valueOf(refused.getMessage()));
        } else if (cause instanceof ReplyException unheard && unheard.failureType() == ReplyFailure.NO_HANDLERS) {
            refuse(reply, Reason.ROUTE_UNKNOWN.refusal("no node answers at this address now"));
        } else {
            refuse(reply, Reason.BUSY.refusal("there was no answer in time"));
        }
    }

    private void register(String address) {
        boolean everybody = addresses.isEvents(address) && api.access().mode() != AccessMode.REQUIRED;
        if (!everybody && !begun.contains(address)) {
            throw unknown();
        }
        if (registered.containsKey(address)) {
            return;
        }
        if (registered.size() >= config.handlers()) {
            throw new Failure(Reason.BUSY, "a connection may be registered at " + config.handlers() + " addresses");
        }
        EventBus bus = vertx.eventBus();
        MessageConsumer<Object> consumer =
                api.config().cluster().enabled() ? bus.consumer(address) : bus.localConsumer(address);
        registered.put(address, consumer);
        consumer.handler(event -> deliver(address, event));
    }

    private void deliver(String address, Message<Object> event) {
        writeBody(address, Json.encodeToBuffer(event.body()));
    }

    /** The same for what does not exist and for what is another's, so that nobody learns which. */
    private static Failure unknown() {
        return new Failure(Reason.ROUTE_UNKNOWN, "there is nothing at this address that callers of a bridge reach");
    }

    private void refuse(Optional<String> reply, Refusal refusal) {
        Answer problem = Problems.answer(refusal, Optional.empty());
        error(reply, problem.status(), problem.body().text());
    }

    private void error(Optional<String> reply, int status, String problem) {
        JsonObject error = new JsonObject().put("type", "err");
        reply.ifPresent(to -> error.put("address", to));
        write(error.put("failureCode", status)
                .put("failureType", ReplyFailure.RECIPIENT_FAILURE.name())
                .put("message", problem));
    }

    private void write(JsonObject message) {
        write(message.toBuffer());
    }

    private void write(Buffer text) {
        if (closed) {
            return;
        }
        int size = text.length();
        if (pendingBytes + size > config.pendingBytes() && pendingBytes > 0) {
            api.limits().stalledReaders().increment();
            cut("slow");
            return;
        }
        if (pendingBytes == 0) {
            takenAt = System.nanoTime();
        }
        pendingBytes += size;
        meter.sent().increment();
        out.send(text).onComplete(taken -> {
            pendingBytes -= size;
            takenAt = System.nanoTime();
            if (taken.failed()) {
                cut(isBusy(taken.cause()) ? "busy" : "gone");
            }
        });
    }

    /** Whether it was not sent because too much waits for all readers together. */
    private static boolean isBusy(Throwable cause) {
        return cause instanceof Failure failure && failure.refusal().reason() == Reason.BUSY;
    }

    private void look(long now) {
        if (inFlight >= config.inFlight()) {
            // What it sends meanwhile is not read, which is not its fault.
            heardAt = now;
        }
        if (now - heardAt > config.idleTimeout().toNanos()) {
            cut("idle");
        } else if (pendingBytes > 0
                && now - takenAt > api.config().budgets().stallTimeout().toNanos()) {
            api.limits().stalledReaders().increment();
            cut("slow");
        }
    }

    private static Optional<String> text(JsonObject message, String name) {
        return message.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
