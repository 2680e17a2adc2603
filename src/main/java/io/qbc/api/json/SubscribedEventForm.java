package io.qbc.api.json;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.model.Body;
import io.qbc.model.Bytes;

/** The JSON form of an event of a subscription, as it is fetched and streamed. */
public final class SubscribedEventForm {
    private SubscribedEventForm() {}

    /**
     * Writes an event as an object on one line: data with line breaks between its tokens stands there with spaces in
     * their place, after its exact bytes in hexadecimal.
     *
     * @param data whether the subscription asks for the transactions' data, which is null where it was erased
     */
    public static void line(JsonBuffer out, SubscribedEvent event, boolean data) {
        out.raw("{\"id\":").text(event.id());
        out.raw(",\"event\":").raw(event.reverted() ? "\"reverted\"" : "\"committed\"");
        out.raw(",\"index\":").number(event.index());
        out.raw(",\"offset\":").number(event.next());
        out.raw(",\"height\":").number(event.height());
        out.raw(",\"quant\":").hex(event.quant());
        out.raw(",\"time\":").number(event.quantTime());
        out.raw(",\"treeSize\":").number(event.treeSize());
        event.transaction().ifPresent(id -> out.raw(",\"transaction\":").hex(id));
        event.body().ifPresent(body -> body(out, body));
        if (data && !event.reverted()) {
            event.payload()
                    .ifPresentOrElse(payload -> payload(out, payload), () -> out.raw(",\"data\":null,\"erased\":true"));
        }
        out.u8('}');
    }

    private static void body(JsonBuffer out, Body body) {
        out.raw(",\"timestamp\":").number(body.timestamp());
        out.raw(",\"key\":").hex(body.key());
        out.raw(",\"author\":").hex(body.author());
        out.raw(",\"type\":").text(body.type().text());
    }

    private static void payload(JsonBuffer out, Bytes payload) {
        byte[] line = payload.toArray();
        boolean broken = false;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
                broken = true;
            }
        }
        if (broken) {
            out.raw(",\"raw\":").hex(payload);
        }
        out.raw(",\"data\":").raw(line);
    }
}
