package io.qbc.protocol.message;

import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;

/** A kind of call to a peer: its word in the protocol, and the kind of message that answers it. */
public record PeerMethod<A extends Message>(String word, Class<A> answer) {
    public static final PeerMethod<Status> HEAD = new PeerMethod<>("head", Status.class);
    public static final PeerMethod<Wanted> IDS = new PeerMethod<>("ids", Wanted.class);
    public static final PeerMethod<Taken> TRANSACTIONS = new PeerMethod<>("transactions", Taken.class);
    public static final PeerMethod<Reply> QUANT = new PeerMethod<>("quant", Reply.class);
    public static final PeerMethod<Range> SYNC = new PeerMethod<>("sync", Range.class);
    public static final PeerMethod<Supply> REST = new PeerMethod<>("rest", Supply.class);
    public static final PeerMethod<Supply> FETCH = new PeerMethod<>("fetch", Supply.class);
}
