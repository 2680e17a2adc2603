package io.qbc.protocol.message;

import io.qbc.json.Utf8;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.CompactQuant;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.NetworkMode;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.State;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A decoder of one frame's fields. A list is never longer than its place permits, nor than the bytes that are left
 * could hold; one that claims to be is malformed before anything was allocated for it.
 */
final class FrameReader {
    private static final int TEXT_BYTES_MAX = 255;
    private static final int WEIGHT_BYTES_MAX = 64;
    // The least that an element of a list takes in its frame.
    private static final int TEXT_BYTES_MIN = Integer.BYTES;
    private static final int SEAL_BYTES_MIN = 2 * Integer.BYTES;
    private static final int LISTING_BYTES_MIN = 2 * Hash.BYTES + Long.BYTES + 2 * Integer.BYTES + 1;
    private static final int TRANSACTION_BYTES_MIN = Integer.BYTES + Transaction.BYTES_MIN;
    private static final int PART_BYTES_MIN = Canonical.HEADER_BYTES_MIN + 3 * Integer.BYTES;

    private final Decoder in;
    private final Function<Hash, QuantBounds> bounds;
    private boolean broken;

    FrameReader(Bytes bytes, Function<Hash, QuantBounds> bounds) {
        in = new Decoder(bytes);
        this.bounds = bounds;
        broken = in.u8() != FrameCodec.VERSION;
    }

    /** What the quants of a chain may hold. */
    QuantBounds bounds(Hash chain) {
        return bounds.apply(chain);
    }

    /** The message, if the frame had exactly these fields. */
    <T> Optional<T> whole(T message) {
        return !broken && in.complete() ? Optional.of(message) : Optional.empty();
    }

    Decoder decoder() {
        return in;
    }

    /** Whether any bytes are left. */
    boolean hasMore() {
        return in.remaining() > 0;
    }

    int u32() {
        return in.u32();
    }

    /** A place in a list: never below zero. */
    int offset() {
        int value = in.u32();
        broken |= value < 0;
        return value;
    }

    State state() {
        Optional<State> state = State.of(in.u8());
        broken |= state.isEmpty();
        return state.orElse(State.REFUSED);
    }

    /** A count, a height or a number drawn by chance: never below zero. */
    long u64() {
        long value = in.u64();
        broken |= value < 0;
        return value;
    }

    NetworkLabel network() {
        String id = text();
        Optional<NetworkMode> mode = NetworkMode.of(in.u8());
        broken |= mode.isEmpty();
        return new NetworkLabel(id, mode.orElse(NetworkMode.OPEN));
    }

    Mark mark() {
        return new Mark(u64(), u64());
    }

    boolean flag() {
        int value = in.u8();
        broken |= value > 1;
        return value == 1;
    }

    Hash hash() {
        return in.hash();
    }

    Bytes raw(int size) {
        return in.raw(size);
    }

    Bytes bytes(int sizeMax) {
        return in.bytes(sizeMax);
    }

    /** Addresses and codes: visible ASCII only. */
    String text() {
        String text = in.bytes(TEXT_BYTES_MAX).text();
        broken |= !text.chars().allMatch(c -> c > ' ' && c <= '~');
        return text;
    }

    /** UTF-8 for people. */
    String prose(int sizeMax) {
        Bytes text = in.bytes(sizeMax);
        broken |= !Utf8.wellFormed(text);
        return text.text();
    }

    List<String> texts(int countMax) {
        return list(countMax, TEXT_BYTES_MIN, this::text);
    }

    List<Hash> hashes(int countMax) {
        return list(countMax, Hash.BYTES, in::hash);
    }

    List<Listing> listings(int countMax) {
        return list(countMax, LISTING_BYTES_MIN, () -> new Listing(claim(), text()));
    }

    Claim claim() {
        Hash chain = in.hash();
        Hash hash = in.hash();
        return new Claim(chain, hash, u64(), weight());
    }

    BigInteger weight() {
        Bytes weight = in.bytes(WEIGHT_BYTES_MAX);
        BigInteger number = weight.isEmpty() ? BigInteger.ONE.negate() : new BigInteger(weight.toArray());
        // One writing only: no leading zeros.
        broken |= number.signum() < 0 || number.toByteArray().length != weight.size();
        return number;
    }

    List<Seal> seals(int countMax) {
        return list(
                countMax,
                SEAL_BYTES_MIN,
                () -> new Seal(in.bytes(Ed25519.KEY_BYTES), in.bytes(Ed25519.SIGNATURE_BYTES)));
    }

    List<Transaction> transactions(int countMax) {
        return list(countMax, TRANSACTION_BYTES_MIN, this::transaction);
    }

    List<Part> parts(int countMax, QuantBounds each) {
        return list(countMax, PART_BYTES_MIN, () -> part(each));
    }

    private Part part(QuantBounds each) {
        Header header = Canonical.header(in);
        List<Seal> seals = seals(each.sealsMax());
        List<Transaction> transactions = transactions(each.transactionsMax());
        List<Hash> rest = hashes(each.transactionsMax() - transactions.size());
        List<Hash> ids = new ArrayList<>(transactions.size() + rest.size());
        transactions.forEach(transaction -> ids.add(transaction.id()));
        ids.addAll(rest);
        return new Part(new CompactQuant(header, seals, ids), transactions);
    }

    private Transaction transaction() {
        Bytes encoded = in.bytes(Integer.MAX_VALUE);
        Optional<Transaction> transaction = in.failed() || broken ? Optional.empty() : Transaction.decode(encoded);
        broken |= transaction.isEmpty();
        return transaction.orElse(new Transaction(Hash.ZERO, Bytes.EMPTY));
    }

    private <T> List<T> list(int countMax, int bytesMin, Supplier<T> element) {
        int count = in.u32();
        if (broken || count < 0 || count > countMax || count > in.remaining() / bytesMin) {
            broken = true;
            return List.of();
        }
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count && !broken && !in.failed(); i++) {
            elements.add(element.get());
        }
        return elements;
    }
}
