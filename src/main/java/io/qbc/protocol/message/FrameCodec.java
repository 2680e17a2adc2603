package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A codec between one type of message and its frame: the version byte, the fields, and nothing after them. */
public final class FrameCodec<M extends Message> {
    /** The version of the peers' protocol, with which each frame begins. */
    public static final int VERSION = 3;

    private static final long FIELDS_BYTES = 256;
    private static final long BUFFER_BYTES_MAX = 1 << 28;

    private final BiConsumer<Encoder, M> writer;
    private final Function<FrameReader, M> reader;
    private final ToLongFunction<M> extraBytes;

    private FrameCodec(BiConsumer<Encoder, M> writer, Function<FrameReader, M> reader, ToLongFunction<M> extraBytes) {
        this.writer = writer;
        this.reader = reader;
        this.extraBytes = extraBytes;
    }

    static <M extends Message> FrameCodec<M> of(BiConsumer<Encoder, M> writer, Function<FrameReader, M> reader) {
        return new FrameCodec<>(writer, reader, message -> 0);
    }

    /**
     * The same with the bytes that a message takes beyond some plain fields: a buffer that grows is copied each time.
     */
    FrameCodec<M> sized(ToLongFunction<M> bytes) {
        return new FrameCodec<>(writer, reader, bytes);
    }

    /** Whether a frame says that it is of this version; what is of another one may be right in its own way. */
    public static boolean isOfThisVersion(Bytes frame) {
        return !frame.isEmpty() && frame.array()[frame.offset()] == VERSION;
    }

    public Bytes encode(M message) {
        long bytes = Math.min(BUFFER_BYTES_MAX, FIELDS_BYTES + extraBytes.applyAsLong(message));
        Encoder out = new Encoder((int) bytes).u8(VERSION);
        writer.accept(out, message);
        return out.toBytes();
    }

    /** The same of a message without quants, or of chains that are not here. */
    public Optional<M> decode(Bytes frame) {
        return decode(frame, chain -> QuantBounds.UNKNOWN);
    }

    /**
     * The message, if the frame is of this version, has exactly its fields and keeps all bounds.
     *
     * @param bounds what the quants of a chain may hold
     */
    public Optional<M> decode(Bytes frame, Function<Hash, QuantBounds> bounds) {
        FrameReader in = new FrameReader(frame, bounds);
        return in.whole(reader.apply(in));
    }
}
