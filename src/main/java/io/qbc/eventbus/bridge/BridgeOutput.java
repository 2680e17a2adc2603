package io.qbc.eventbus.bridge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** The socket of one caller, in whatever protocol it speaks. */
public interface BridgeOutput {
    /** Sends a message; complete when the system has taken it. */
    Future<Void> send(Buffer text);

    /** Reads nothing more of the caller, or goes on. */
    void pause(boolean now);

    /** Ends the connection at once, whatever waits. */
    void cut(String why);

    /** What a message to a registered address, and an answer, has as its type. */
    String type();

    /** What is answered to a ping; nothing where clients expect none. */
    JsonObject pong();
}
