package io.qbc.subscription;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A writer of CloudEvents 1.0 in the structured JSON form. Every value is a number, a fixed word, hexadecimal digits or
 * JSON that was checked when it came in, so that nothing needs escaping and payloads stay byte for byte.
 */
public final class CloudEvents {
    /** Of one event. */
    public static final String EVENT = "application/cloudevents+json";
    /** Of an array of events. */
    public static final String BATCH = "application/cloudevents-batch+json";
    /** The type of what is told: a transaction is in the chain. */
    public static final String COMMITTED = "qbc.transaction.committed";

    /** The type of what is told with {@code at: head}: all transactions from an index on were undone. */
    public static final String REVERTED = "qbc.transactions.reverted";

    private static final int ENVELOPE_BYTES = 640;

    private CloudEvents() {}

    /** What a delivery has as its body: an event, or an array where the subscription has batches. */
    public static Bytes body(Subscription subscription, List<SubscribedEvent> events) {
        return isBatch(subscription)
                ? batch(subscription.chain(), events, subscription.data())
                : event(subscription.chain(), events.get(0), subscription.data());
    }

    /** The media type of that body. */
    public static String mediaType(Subscription subscription) {
        return isBatch(subscription) ? BATCH : EVENT;
    }

    /**
     * By what the receiver of a delivery knows that it has it already. A batch is known by its first and its last
     * event: tried again after a crash, it may be a longer one.
     */
    public static String messageId(Subscription subscription, List<SubscribedEvent> events) {
        String first = subscription.name() + ":" + events.get(0).id();
        return isBatch(subscription)
                ? first + "-" + events.get(events.size() - 1).id()
                : first;
    }

    /** How many of the events one delivery has. */
    public static int taken(Subscription subscription, List<SubscribedEvent> events) {
        return isBatch(subscription) ? events.size() : 1;
    }

    private static boolean isBatch(Subscription subscription) {
        return subscription.deliver().batch() > 1;
    }

    /**
     * How long an event's text is at most.
     *
     * @param data whether it has the payload
     */
    public static int bytesMax(SubscribedEvent event, boolean data) {
        return ENVELOPE_BYTES + (data ? event.payload().map(Bytes::size).orElse(0) : 0);
    }

    /** One event; with {@code data} it has the payload, or says that this was erased. */
    public static Bytes event(Hash chain, SubscribedEvent event, boolean data) {
        Text out = new Text(bytesMax(event, data));
        write(out, chain, event, data);
        return out.bytes();
    }

    /** Several events in their order. */
    public static Bytes batch(Hash chain, List<SubscribedEvent> events, boolean data) {
        int bytesMax = events.stream().mapToInt(event -> bytesMax(event, data)).sum();
        Text out = new Text(bytesMax + events.size() + 2);
        String before = "[";
        for (SubscribedEvent event : events) {
            out.ascii(before);
            write(out, chain, event, data);
            before = ",";
        }
        out.ascii(events.isEmpty() ? "[]" : "]");
        return out.bytes();
    }

    private static void write(Text out, Hash chain, SubscribedEvent event, boolean data) {
        out.ascii("{\"specversion\":\"1.0\",\"type\":\"" + (event.reverted() ? REVERTED : COMMITTED))
                .ascii("\",\"source\":\"/chains/" + chain.hex())
                .ascii("\",\"id\":\"" + event.id());
        event.transaction().ifPresent(id -> out.ascii("\",\"subject\":\"" + id.hex()));
        out.ascii("\",\"time\":\"" + Instant.ofEpochMilli(event.quantTime()))
                .ascii("\",\"height\":" + event.height())
                .ascii(",\"treesize\":" + event.treeSize())
                .ascii(",\"index\":" + event.index());
        if (data && !event.reverted()) {
            event.payload()
                    .ifPresentOrElse(
                            payload -> out.ascii(",\"datacontenttype\":\"application/json\",\"data\":")
                                    .bytes(payload),
                            () -> out.ascii(",\"erased\":true"));
        }
        out.ascii("}");
    }

    /** A text that grows in an array which is large enough. */
    private static final class Text {
        private final byte[] array;
        private int size;

        Text(int bytesMax) {
            array = new byte[bytesMax];
        }

        Text ascii(String text) {
            return bytes(Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }

        Text bytes(Bytes bytes) {
            System.arraycopy(bytes.array(), bytes.offset(), array, size, bytes.size());
            size += bytes.size();
            return this;
        }

        Bytes bytes() {
            return Bytes.wrap(array, 0, size);
        }
    }
}
