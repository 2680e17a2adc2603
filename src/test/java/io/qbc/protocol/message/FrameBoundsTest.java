package io.qbc.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in frames: what they claim to hold costs nothing, and what they hold has its bounds. */
class FrameBoundsTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Header HEADER = SPEC.genesis();
    /** Far below what any of the lists would take, had it the length that it claims. */
    private static final long ALLOCATED_BYTES_MAX = 1 << 20;

    private static final int FRAME_BYTES = 256 << 10;

    static Stream<Arguments> lists() {
        return Stream.of(
                list(PeerMethod.IDS, out -> out.hash(SPEC.id())),
                list(PeerMethod.FETCH, out -> out.hash(SPEC.id())),
                list(PeerMethod.SYNC, out -> out.hash(SPEC.id())),
                list(PeerMethod.TRANSACTIONS, out -> out.hash(SPEC.id())),
                list(PeerMethod.QUANT, FrameBoundsTest::head),
                list(PeerMethod.QUANT, out -> head(out).u32(0)),
                list(PeerMethod.QUANT, out -> head(out).u32(0).u32(0)));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                list(PeerMethod.IDS, out -> out.u8(0)),
                list(PeerMethod.REST, out -> {}),
                list(PeerMethod.QUANT, out -> out.u8(2)),
                list(PeerMethod.HEAD, FrameBoundsTest::status),
                list(PeerMethod.HEAD, out -> status(out).u32(0)),
                list(PeerMethod.SYNC, FrameBoundsTest::claim),
                list(PeerMethod.SYNC, out -> Canonical.write(claim(out).u32(1), HEADER)),
                list(PeerMethod.SYNC, out -> {
                    Canonical.write(claim(out).u32(1), HEADER);
                    out.u32(0);
                }),
                list(PeerMethod.SYNC, out -> {
                    Canonical.write(claim(out).u32(1), HEADER);
                    out.u32(0).u32(0);
                }));
    }

    private static Arguments list(PeerMethod<?, ?> method, Consumer<Encoder> before) {
        return Arguments.of(method, before);
    }

    private static Encoder head(Encoder out) {
        Canonical.write(out.hash(SPEC.id()).u8(1), HEADER);
        return out;
    }

    private static Encoder status(Encoder out) {
        return out.u64(1).u64(1).u64(0).hash(SPEC.id());
    }

    private static Encoder claim(Encoder out) {
        return out.hash(SPEC.id()).hash(SPEC.id()).u64(1).bytes(Bytes.hex("01"));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("lists")
    void aRequestsListIsNotBelieved(PeerMethod<?, ?> method, Consumer<Encoder> before) {
        claims(method.request().codec(), before);
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("answers")
    void anAnswersListIsNotBelieved(PeerMethod<?, ?> method, Consumer<Encoder> before) {
        claims(method.answer().codec(), before);
    }

    private static void claims(FrameCodec<?> codec, Consumer<Encoder> before) {
        // So many of any element would not fit, the first one being the most that can be claimed at all.
        for (int claimed : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 100_000_000, FRAME_BYTES}) {
            Encoder out = new Encoder(FRAME_BYTES).u8(FrameCodec.VERSION);
            before.accept(out);
            out.u32(claimed);
            out.raw(new byte[FRAME_BYTES - out.size()]);
            Bytes frame = out.toBytes();
            assertThat(codec.decode(frame)).isEmpty();
            assertThat(allocated(() -> codec.decode(frame))).isLessThan(ALLOCATED_BYTES_MAX);
        }
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    @Test
    void manyEmptySealsAreNoOffer() {
        List<Seal> seals = Collections.nCopies(60_000, new Seal(Bytes.EMPTY, Bytes.EMPTY));
        Bytes frame = PeerMethod.QUANT
                .request()
                .codec()
                .encode(new Offer(SPEC.id(), new CompactQuant(HEADER, seals, List.of()), List.of()));
        assertThat(PeerMethod.QUANT.request().codec().decode(frame)).isEmpty();
        assertThat(allocated(() -> PeerMethod.QUANT.request().codec().decode(frame)))
                .isLessThan(ALLOCATED_BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aQuantHasAsManySealsAndIdsAsItsChainPermits(int sealsMax) {
        QuantBounds bounds = new QuantBounds(10, sealsMax);
        for (int count = 0; count <= sealsMax; count++) {
            assertThat(decoded(count, 10, bounds)).isTrue();
        }
        assertThat(decoded(sealsMax + 1, 10, bounds)).isFalse();
        assertThat(decoded(sealsMax, 11, bounds)).isFalse();
    }

    @Test
    void theBoundsOfAChainAreThoseOfItsSpec() {
        assertThat(QuantBounds.of(SPEC)).isEqualTo(new QuantBounds(100_000, 1));
        assertThat(QuantBounds.of(Samples.pow("main"))).isEqualTo(new QuantBounds(100_000, 0));
    }

    /** Whether an offer, and a range with the same quant, are decoded. */
    private static boolean decoded(int seals, int ids, QuantBounds bounds) {
        CompactQuant quant = new CompactQuant(
                HEADER, Collections.nCopies(seals, new Seal(Samples.SIGNER.key(), Bytes.EMPTY)), ids(ids));
        FrameCodec<QuantAnnouncement> offers = PeerMethod.QUANT.request().codec();
        FrameCodec<Range> ranges = PeerMethod.SYNC.answer().codec();
        Claim claim = new Claim(SPEC.id(), SPEC.id(), 1, BigInteger.ONE);
        Bytes range = ranges.encode(new Range(claim, List.of(new Part(quant, List.of()))));
        boolean offered = offers.decode(offers.encode(new Offer(SPEC.id(), quant, List.of())), chain -> bounds)
                .isPresent();
        assertThat(ranges.decode(range, chain -> bounds).isPresent()).isEqualTo(offered);
        return offered;
    }

    private static List<Hash> ids(int count) {
        return IntStream.range(0, count).mapToObj(n -> new Hash(n, 0, 0, 0)).toList();
    }

    @Test
    void anAnnouncementHasTenThousandIdsAndNoMore() {
        FrameCodec<Ids> codec = PeerMethod.IDS.request().codec();
        Bytes most = codec.encode(new Ids(SPEC.id(), ids(PeerMethod.IDS_MAX)));
        assertThat(codec.decode(most)).isPresent();
        assertThat(most.size()).isLessThanOrEqualTo(PeerMethod.IDS.request().bytesMax());
        assertThat(codec.decode(codec.encode(new Ids(SPEC.id(), ids(PeerMethod.IDS_MAX + 1)))))
                .isEmpty();
    }

    @Test
    void aStatusHasTenThousandChainsAndSixtyFourAddresses() {
        FrameCodec<Status> codec = PeerMethod.HEAD.answer().codec();
        BigInteger weight = BigInteger.ONE.shiftLeft(8 * 64 - 2);
        Listing listing = new Listing(new Claim(SPEC.id(), SPEC.id(), 1, weight), "n".repeat(255));
        List<String> addresses = Collections.nCopies(64, "a".repeat(255));
        Status most = new Status(Mark.NONE, 0, SPEC.id(), Collections.nCopies(10_000, listing), addresses);
        Bytes frame = codec.encode(most);
        assertThat(codec.decode(frame)).contains(most);
        assertThat(frame.size()).isLessThanOrEqualTo(PeerMethod.HEAD.answer().bytesMax());
        Status chains = new Status(Mark.NONE, 0, SPEC.id(), Collections.nCopies(10_001, listing), List.of());
        assertThat(codec.decode(codec.encode(chains))).isEmpty();
        Status many = new Status(Mark.NONE, 0, SPEC.id(), List.of(), Collections.nCopies(65, "a"));
        assertThat(codec.decode(codec.encode(many))).isEmpty();
    }

    /** 8 MiB of transactions and the one that exceeds them, with the ids of as many as a quant holds by default. */
    @Test
    void theLargestMessageOfAnHonestNodeIsTaken() {
        String text = "\"" + "x".repeat((1 << 20) - 400) + "\"";
        List<Transaction> nine = IntStream.range(0, 9)
                .mapToObj(n -> Samples.transaction(SPEC, n, text))
                .toList();
        List<Hash> ids = Stream.concat(nine.stream().map(Transaction::id), ids(100_000 - 9).stream())
                .toList();
        CompactQuant quant = new CompactQuant(HEADER, List.of(), ids);
        Claim claim = new Claim(SPEC.id(), SPEC.id(), 1, BigInteger.ONE);
        taken(PeerMethod.SYNC.answer(), new Range(claim, List.of(new Part(quant, nine))));
        taken(PeerMethod.QUANT.request(), new Offer(SPEC.id(), quant, nine));
    }

    /** A message that was filled with the smallest transactions that there can be. */
    @Test
    void aFullMessageOfSmallTransactionsIsTaken() {
        List<Transaction> small = Collections.nCopies((8 << 20) / 140, Samples.transaction(SPEC, 1, "1"));
        taken(PeerMethod.REST.answer(), new Supply(small));
    }

    private static <M extends Message> void taken(PeerMethod.Payload<M> payload, M message) {
        Bytes frame = payload.codec().encode(message);
        assertThat(frame.size()).isBetween(8 << 20, payload.bytesMax());
        assertThat(payload.codec().decode(frame)).contains(message);
    }
}
