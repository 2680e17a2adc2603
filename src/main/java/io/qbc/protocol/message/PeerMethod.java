package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Ready;
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
    /** How many ids are announced, wanted or asked for in one message. */
    public static final int IDS_MAX = FrameCodecs.IDS_MAX;

    /**
     * The longest frame of a large message, unless the configuration says otherwise. More than 8 MiB: nodes fill a
     * message with 8 MiB of transactions and the one with which these are exceeded (1 MiB where a spec says nothing);
     * beside them are the ids of a quant's others (100,000 where a spec says nothing) and its header and seals.
     */
    public static final int LARGE_BYTES = 16 << 20;

    private static final LinkedHashMap<String, PeerMethod<?, ?>> BY_WORD = new LinkedHashMap<>();

    // Keys, a signature, nonces and texts of a handshake; a few hashes and numbers; a header with its longest fields.
    private static final int FIELDS_BYTES_MAX = 1 << 10;
    private static final int LEAP_BYTES_MAX = 256 << 10;
    // 10,000 ids and a locator of 1000, with room.
    private static final int IDS_BYTES_MAX = 512 << 10;
    private static final int LOCATOR_BYTES_MAX = 64 << 10;
    /** 10,000 chains with names and weights at their longest, and 64 addresses. */
    private static final int STATUS_BYTES_MAX = 4 << 20;
    /** A spec of 1 MiB. */
    private static final int SPEC_BYTES_MAX = (1 << 20) + FIELDS_BYTES_MAX;

    public static final PeerMethod<Hello, Welcome> HELLO = row(
            "hello",
            Subject.HANDSHAKE,
            small(Hello.class, FIELDS_BYTES_MAX, FrameCodecs.HELLO),
            small(Welcome.class, FIELDS_BYTES_MAX, FrameCodecs.WELCOME));
    public static final PeerMethod<Prove, Ready> PROVE = row(
            "prove",
            Subject.HANDSHAKE,
            small(Prove.class, FIELDS_BYTES_MAX, FrameCodecs.PROVE),
            small(Ready.class, FIELDS_BYTES_MAX, FrameCodecs.READY));
    public static final PeerMethod<AskStatus, Status> HEAD = row(
            "head",
            Subject.NODE,
            small(AskStatus.class, FIELDS_BYTES_MAX, FrameCodecs.ASK_STATUS),
            small(Status.class, STATUS_BYTES_MAX, FrameCodecs.STATUS));
    public static final PeerMethod<Ids, Wanted> IDS = row(
            "ids",
            Subject.CHAIN,
            small(Ids.class, IDS_BYTES_MAX, FrameCodecs.IDS),
            small(Wanted.class, IDS_BYTES_MAX, FrameCodecs.WANTED));
    public static final PeerMethod<Push, Taken> TRANSACTIONS = row(
            "transactions",
            Subject.CHAIN,
            large(Push.class, FrameCodecs.PUSH),
            small(Taken.class, FIELDS_BYTES_MAX, FrameCodecs.TAKEN));
    // The reply may name all transactions of a quant, and seldom names any.
    public static final PeerMethod<QuantAnnouncement, Reply> QUANT = row(
            "quant",
            Subject.CHAIN,
            large(QuantAnnouncement.class, FrameCodecs.QUANT),
            small(Reply.class, LARGE_BYTES, FrameCodecs.REPLY));
    public static final PeerMethod<Follow, Range> SYNC = row(
            "sync",
            Subject.CHAIN,
            small(Follow.class, LOCATOR_BYTES_MAX, FrameCodecs.FOLLOW),
            large(Range.class, FrameCodecs.RANGE));
    public static final PeerMethod<Ids, Supply> FETCH = row(
            "fetch",
            Subject.CHAIN,
            small(Ids.class, IDS_BYTES_MAX, FrameCodecs.IDS),
            large(Supply.class, FrameCodecs.SUPPLY));
    public static final PeerMethod<Rest, Supply> REST = row(
            "rest",
            Subject.CHAIN,
            small(Rest.class, FIELDS_BYTES_MAX, FrameCodecs.REST),
            large(Supply.class, FrameCodecs.SUPPLY));
    public static final PeerMethod<About, Document> SPEC = row(
            "spec",
            Subject.CHAIN,
            small(About.class, FIELDS_BYTES_MAX, FrameCodecs.ABOUT),
            small(Document.class, SPEC_BYTES_MAX, FrameCodecs.DOCUMENT));
    public static final PeerMethod<AskLeap, LeapAnswer> LEAP = row(
            "leap",
            Subject.CHAIN,
            small(AskLeap.class, FIELDS_BYTES_MAX, FrameCodecs.ASK_LEAP),
            small(LeapAnswer.class, LEAP_BYTES_MAX, FrameCodecs.LEAP));

    private final String word;
    private final Subject subject;
    private final Payload<Q> request;
    private final Payload<A> answer;

    private PeerMethod(String word, Subject subject, Payload<Q> request, Payload<A> answer) {
        this.word = word;
        this.subject = subject;
        this.request = request;
        this.answer = answer;
    }

    private static <Q extends Message, A extends Message> PeerMethod<Q, A> row(
            String word, Subject subject, Payload<Q> request, Payload<A> answer) {
        PeerMethod<Q, A> method = new PeerMethod<>(word, subject, request, answer);
        if (BY_WORD.put(word, method) != null) {
            throw new IllegalStateException("two methods have the word " + word);
        }
        return method;
    }

    private static <M extends Message> Payload<M> small(Class<M> type, int bytesMax, FrameCodec<M> codec) {
        return new Payload<>(type, SizeClass.SMALL, bytesMax, codec);
    }

    private static <M extends Message> Payload<M> large(Class<M> type, FrameCodec<M> codec) {
        return new Payload<>(type, SizeClass.LARGE, LARGE_BYTES, codec);
    }

    /** What a method is about. */
    public enum Subject {
        /** Making a session; all others are called in one. */
        HANDSHAKE,
        /** The node. */
        NODE,
        /** One chain, whose id stands first in the request. */
        CHAIN
    }

    /** How large a message may be. */
    public enum SizeClass {
        /** Encoded at once, and decoded at once unless it is longer than most. */
        SMALL,
        /** Up to some megabytes: neither a request is decoded on an event loop, nor an answer encoded or decoded. */
        LARGE
    }

    /**
     * A request or an answer: its type, its size class, how long its frame may be at most, and its codec.
     *
     * @param bytesMax {@link #LARGE_BYTES} in all large ones, in whose place the configuration may have another
     */
    public record Payload<M extends Message>(Class<M> type, SizeClass size, int bytesMax, FrameCodec<M> codec) {
        public boolean isLarge() {
            return size == SizeClass.LARGE;
        }

        /** The longest frame where large ones may have so many bytes. */
        public int bytesMax(int largeBytes) {
            return isLarge() ? largeBytes : bytesMax;
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

    /** Whether it makes a session, and so is called without one. */
    public boolean isHandshake() {
        return subject == Subject.HANDSHAKE;
    }

    /** The chain that a request's frame is about, all zero if it is about none; nothing if the frame is too short. */
    public Optional<Hash> chain(Bytes frame) {
        if (subject != Subject.CHAIN) {
            return Optional.of(Hash.ZERO);
        }
        return frame.size() > Hash.BYTES ? Optional.of(Hash.at(frame.array(), frame.offset() + 1)) : Optional.empty();
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
