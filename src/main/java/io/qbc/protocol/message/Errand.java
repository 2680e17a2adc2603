package io.qbc.protocol.message;

import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;

/** A kind of call to a peer: its word in the protocol, and the kind of message that answers it. */
public record Errand<A extends Message>(String word, Class<A> answer) {
    public static final Errand<Status> HEAD = new Errand<>("head", Status.class);
    public static final Errand<Wanted> IDS = new Errand<>("ids", Wanted.class);
    public static final Errand<Taken> TRANSACTIONS = new Errand<>("transactions", Taken.class);
    public static final Errand<Reply> QUANT = new Errand<>("quant", Reply.class);
    public static final Errand<Range> SYNC = new Errand<>("sync", Range.class);
    public static final Errand<Supply> REST = new Errand<>("rest", Supply.class);
    public static final Errand<Supply> FETCH = new Errand<>("fetch", Supply.class);
}
