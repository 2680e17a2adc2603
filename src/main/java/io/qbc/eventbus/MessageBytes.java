package io.qbc.eventbus;

import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.ByteBudget;
import io.qbc.api.limits.MessageBody;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.stream.Sink;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * What one message holds of the budgets that REST has too: its body until there is an answer, and the answer from its
 * first page until it is handed over. Of the body of a bridge's caller the bridge holds what there is to hold; its
 * answer counts in the share of the caller's address.
 */
final class MessageBytes {
    /** What an answer may have without being counted. */
    private static final int ANSWER_UNCOUNTED_BYTES = 32 * 1024;

    /** About what a number, a truth value or nothing takes. */
    private static final int VALUE_BYTES = 8;

    private final ByteBudget bodies;
    private final ByteBudget answers;
    private final Runnable leave;
    private long body;
    private long answer;

    private MessageBytes(ByteBudget bodies, ByteBudget answers, Runnable leave) {
        this.bodies = bodies;
        this.answers = answers;
        this.leave = leave;
    }

    /** Of a message that came, with nothing held; to be followed by {@link #end}. */
    static MessageBytes of(SharedLimits limits, Optional<From> from) {
        return from.map(bridged -> {
                    AddressShare share = limits.addresses().join(bridged.address());
                    return new MessageBytes(
                            share.bodyBytes(),
                            share.streamBytes(),
                            () -> limits.addresses().leave(bridged.address()));
                })
                .orElseGet(() -> new MessageBytes(limits.bodyBytes(), limits.streamBytes(), () -> {}));
    }

    /** Holds a body; fails, with nothing held, where there is no room. */
    void holdBody(JsonObject ask) {
        body = MessageBody.hold(bodies, size(ask));
    }

    /** Holds so many bytes of an answer in place of what was held of it; fails where there is no room. */
    void holdAnswer(long size) {
        long counted = size <= ANSWER_UNCOUNTED_BYTES ? 0 : size;
        if (!hold(counted)) {
            throw new Failure(Reason.BUSY, "too much waits for readers of answers");
        }
    }

    private boolean hold(long bytes) {
        if (bytes > answer && !answers.take(bytes - answer)) {
            return false;
        }
        if (bytes < answer) {
            answers.release(answer - bytes);
        }
        answer = bytes;
        return true;
    }

    /** There is an answer: the body is not needed any more. */
    void answered() {
        bodies.release(body);
        body = 0;
    }

    /** Whoever asked has the answer: nothing is held any more. */
    void end() {
        answered();
        answers.release(answer);
        answer = 0;
        leave.run();
    }

    /** A sink into memory that holds what was written, and what its writer asks for beside it. */
    Sink into(Buffer page) {
        return new PageSink(page);
    }

    private final class PageSink implements Sink {
        private final Buffer page;
        private long beside;

        PageSink(Buffer page) {
            this.page = page;
        }

        @Override
        public Future<Void> write(Buffer bytes) {
            if (!MessageBytes.this.hold(page.length() + bytes.length() + beside)) {
                return Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers of answers"));
            }
            page.appendBuffer(bytes);
            return Future.succeededFuture();
        }

        @Override
        public boolean hold(long bytes) {
            if (!MessageBytes.this.hold(page.length() + bytes)) {
                return false;
            }
            beside = bytes;
            return true;
        }

        @Override
        public boolean holdSpare(long bytes) {
            long wanted = page.length() + bytes;
            if (wanted > answer) {
                if (!answers.takeSpare(wanted - answer)) {
                    return false;
                }
                answer = wanted;
            }
            return hold(bytes);
        }
    }

    /** About how many bytes a message has as a text. */
    private static long size(JsonObject ask) {
        long size = 0;
        Deque<Object> open = new ArrayDeque<>();
        open.push(ask);
        while (!open.isEmpty()) {
            Object value = open.pop();
            if (value instanceof CharSequence text) {
                size += text.length();
            } else if (value instanceof byte[] bytes) {
                size += bytes.length;
            } else if (value instanceof Buffer bytes) {
                size += bytes.length();
            } else if (value instanceof JsonObject object) {
                open.push(object.getMap());
            } else if (value instanceof JsonArray array) {
                open.push(array.getList());
            } else if (value instanceof Map<?, ?> members) {
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    size += String.valueOf(member.getKey()).length();
                    push(open, member.getValue());
                }
            } else if (value instanceof Iterable<?> items) {
                items.forEach(item -> push(open, item));
            }
            size += VALUE_BYTES;
        }
        return size;
    }

    private static void push(Deque<Object> open, Object value) {
        open.push(value == null ? "" : value);
    }
}
