package io.qbc.protocol.message;

import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.Message.Welcome;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * A remote procedure of the peer protocol: the word that names it in the path of a call, and its request and answer,
 * each with type, size class and codec. This table is the whole vocabulary; a new procedure is one row in it, the
 * records and codecs of its messages, and a handler at the node that is called.
 */
public final class PeerMethod<Q extends Message, A extends Message> {
    private static final LinkedHashMap<String, PeerMethod<?, ?>> BY_WORD = new LinkedHashMap<>();

    public static final PeerMethod<Hello, Welcome> HELLO =
            row("hello", small(Hello.class, FrameCodecs.HELLO), small(Welcome.class, FrameCodecs.WELCOME));
    public static final PeerMethod<AskStatus, Status> HEAD =
            row("head", small(AskStatus.class, FrameCodecs.ASK_STATUS), small(Status.class, FrameCodecs.STATUS));
    public static final PeerMethod<Ids, Wanted> IDS =
            row("ids", small(Ids.class, FrameCodecs.IDS), small(Wanted.class, FrameCodecs.WANTED));
    public static final PeerMethod<Push, Taken> TRANSACTIONS =
            row("transactions", large(Push.class, FrameCodecs.PUSH), small(Taken.class, FrameCodecs.TAKEN));
    public static final PeerMethod<QuantAnnouncement, Reply> QUANT =
            row("quant", large(QuantAnnouncement.class, FrameCodecs.QUANT), small(Reply.class, FrameCodecs.REPLY));
    public static final PeerMethod<Follow, Range> SYNC =
            row("sync", small(Follow.class, FrameCodecs.FOLLOW), large(Range.class, FrameCodecs.RANGE));
    public static final PeerMethod<Ids, Supply> FETCH =
            row("fetch", small(Ids.class, FrameCodecs.IDS), large(Supply.class, FrameCodecs.SUPPLY));
    public static final PeerMethod<Rest, Supply> REST =
            row("rest", small(Rest.class, FrameCodecs.REST), large(Supply.class, FrameCodecs.SUPPLY));
    public static final PeerMethod<About, Document> SPEC =
            row("spec", small(About.class, FrameCodecs.ABOUT), small(Document.class, FrameCodecs.DOCUMENT));
    public static final PeerMethod<AskLeap, LeapAnswer> LEAP =
            row("leap", small(AskLeap.class, FrameCodecs.ASK_LEAP), small(LeapAnswer.class, FrameCodecs.LEAP));

    private final String word;
    private final Payload<Q> request;
    private final Payload<A> answer;

    private PeerMethod(String word, Payload<Q> request, Payload<A> answer) {
        this.word = word;
        this.request = request;
        this.answer = answer;
    }

    private static <Q extends Message, A extends Message> PeerMethod<Q, A> row(
            String word, Payload<Q> request, Payload<A> answer) {
        PeerMethod<Q, A> method = new PeerMethod<>(word, request, answer);
        if (BY_WORD.put(word, method) != null) {
            throw new IllegalStateException("two methods have the word " + word);
        }
        return method;
    }

    private static <M extends Message> Payload<M> small(Class<M> type, FrameCodec<M> codec) {
        return new Payload<>(type, SizeClass.SMALL, codec);
    }

    private static <M extends Message> Payload<M> large(Class<M> type, FrameCodec<M> codec) {
        return new Payload<>(type, SizeClass.LARGE, codec);
    }

    /** How large a message may be. */
    public enum SizeClass {
        /** Encoded and decoded at once. */
        SMALL,
        /** Up to some megabytes: neither a request is decoded on an event loop, nor an answer encoded or decoded. */
        LARGE
    }

    /** A request or an answer: its type, its size class, and its codec. */
    public record Payload<M extends Message>(Class<M> type, SizeClass size, FrameCodec<M> codec) {
        public boolean isLarge() {
            return size == SizeClass.LARGE;
        }
    }

    /** The whole vocabulary. */
    public static Collection<PeerMethod<?, ?>> all() {
        return Collections.unmodifiableCollection(BY_WORD.values());
    }

    /** The method with this word. */
    public static Optional<PeerMethod<?, ?>> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** The last part of the path that is called. */
    public String word() {
        return word;
    }

    public Payload<Q> request() {
        return request;
    }

    public Payload<A> answer() {
        return answer;
    }

    @Override
    public String toString() {
        return word;
    }
}
