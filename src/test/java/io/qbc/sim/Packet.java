package io.qbc.sim;

import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.PeerMethod;
import java.util.Optional;

/** A packet on the simulated network: a call between nodes or its answer, in the product's own messages. */
sealed interface Packet {
    /** A call, by its caller's number. */
    record Request<Q extends Message, A extends Message>(long number, PeerMethod<Q, A> method, Q message)
            implements Packet {}

    /** The answer to it; nothing if the one who was called cannot now or will not. */
    record Answer(long number, Optional<Message> message) implements Packet {}

    /** A word for the log. */
    default String word() {
        if (this instanceof Request<?, ?> request) {
            return request.method().word()
                    + (request.message() instanceof Offer offer
                            ? offer.compactQuant().hash().a()
                            : "");
        }
        return "answer"
                + ((Answer) this)
                        .message()
                        .map(message -> message instanceof Reply reply ? reply.state() : message.getClass())
                        .map(Object::toString)
                        .orElse(" declined");
    }
}
