package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.CompactQuant;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Header;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.LeapAnswer;
import io.qbc.protocol.message.Message.LeapDone;
import io.qbc.protocol.message.Message.LeapRefused;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Refused;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.Message.Welcome;
import java.util.List;
import java.util.Optional;

/** The codecs of the peer protocol, version 3; {@code src/docs/peer-protocol.md} describes their bytes. */
public final class FrameCodecs {
    private static final int DOCUMENT_BYTES_MAX = 1 << 20;
    private static final int DETAIL_BYTES_MAX = 4096;
    private static final int PART_BYTES = 512;
    /** Chains in a status, as many as a node may be told to keep. */
    private static final int CHAINS_MAX = 10_000;

    private static final int ADDRESSES_MAX = 64;
    /** Ids announced, wanted or asked for. */
    static final int IDS_MAX = 10_000;

    /** Hashes ever wider apart: some 80 reach back as far as there can be quants. */
    private static final int LOCATOR_MAX = 1000;
    /**
     * More than 10,000: a message of 8 MiB is full after 65,000 of the smallest transactions, and nodes fill it before
     * they begin the next one.
     */
    private static final int TRANSACTIONS_MAX = 100_000;

    private static final int PARTS_MAX = 10_000;

    static final FrameCodec<Hello> HELLO = FrameCodec.of(
            (out, m) -> network(out, m.network())
                    .raw(m.nonce())
                    .raw(m.ephemeral())
                    .raw(m.key())
                    .bytes(Bytes.utf8(m.address()))
                    .bytes(Bytes.utf8(m.called())),
            in -> new Hello(
                    in.network(),
                    in.raw(HandshakeSizes.NONCE_BYTES),
                    in.raw(HandshakeSizes.EPHEMERAL_BYTES),
                    in.raw(Ed25519.KEY_BYTES),
                    in.text(),
                    in.text()));

    static final FrameCodec<Welcome> WELCOME = FrameCodec.of(
            (out, m) -> out.raw(m.callee().session())
                    .raw(m.callee().nonce())
                    .raw(m.callee().ephemeral())
                    .raw(m.callee().key())
                    .bytes(Bytes.utf8(m.callee().address()))
                    .raw(m.signature())
                    .raw(m.proof()),
            in -> new Welcome(
                    new Callee(
                            in.raw(HandshakeSizes.SESSION_BYTES),
                            in.raw(HandshakeSizes.NONCE_BYTES),
                            in.raw(HandshakeSizes.EPHEMERAL_BYTES),
                            in.raw(Ed25519.KEY_BYTES),
                            in.text()),
                    in.raw(Ed25519.SIGNATURE_BYTES),
                    in.raw(HandshakeSizes.CODE_BYTES)));

    static final FrameCodec<Prove> PROVE = FrameCodec.of(
            (out, m) -> out.raw(m.session()).raw(m.signature()).raw(m.proof()),
            in -> new Prove(
                    in.raw(HandshakeSizes.SESSION_BYTES),
                    in.raw(Ed25519.SIGNATURE_BYTES),
                    in.raw(HandshakeSizes.CODE_BYTES)));

    static final FrameCodec<Ready> READY =
            FrameCodec.of((out, m) -> out.raw(m.proof()), in -> new Ready(in.raw(HandshakeSizes.CODE_BYTES)));

    /** What comes with a status that is not 200. */
    public static final FrameCodec<Refused> REFUSED = FrameCodec.of(
            (out, m) -> network(out.bytes(Bytes.utf8(m.code())), m.network()),
            in -> new Refused(in.text(), in.network()));

    static final FrameCodec<AskStatus> ASK_STATUS =
            FrameCodec.of((out, m) -> mark(out, m.known()), in -> new AskStatus(in.mark()));

    static final FrameCodec<Status> STATUS = FrameCodec.of(FrameCodecs::status, FrameCodecs::status);

    static final FrameCodec<Ids> IDS =
            FrameCodec.of((out, m) -> ids(out.hash(m.chain()), m.ids()), in -> new Ids(in.hash(), ids(in)));

    static final FrameCodec<Wanted> WANTED =
            FrameCodec.of((out, m) -> ids(out.u8(m.later() ? 1 : 0), m.ids()), in -> new Wanted(in.flag(), ids(in)));

    static final FrameCodec<Push> PUSH = FrameCodec.of(
            (out, m) -> transactions(out.hash(m.chain()), m.transactions()),
            in -> new Push(in.hash(), in.transactions(TRANSACTIONS_MAX)));

    static final FrameCodec<Taken> TAKEN =
            FrameCodec.of((out, m) -> out.u32(m.count()).u8(m.busy() ? 1 : 0), in -> new Taken(in.u32(), in.flag()));

    static final FrameCodec<Supply> SUPPLY = FrameCodec.<Supply>of(
                    (out, m) -> transactions(out, m.transactions()),
                    in -> new Supply(in.transactions(TRANSACTIONS_MAX)))
            .sized(m -> bytes(m.transactions()));

    static final FrameCodec<QuantAnnouncement> QUANT = FrameCodec.of(FrameCodecs::quant, FrameCodecs::quant);

    static final FrameCodec<Reply> REPLY = FrameCodec.of(
            (out, m) -> {
                ids(out.u8(m.state().number()), m.ids());
                out.bytes(Bytes.utf8(m.code()));
            },
            // It does not say of which chain's quant it names transactions; the bytes of a message bound them.
            in -> new Reply(in.state(), in.hashes(Integer.MAX_VALUE), in.text()));

    static final FrameCodec<Follow> FOLLOW = FrameCodec.of(
            (out, m) -> ids(out.hash(m.chain()), m.locator()), in -> new Follow(in.hash(), in.hashes(LOCATOR_MAX)));

    static final FrameCodec<Range> RANGE = FrameCodec.<Range>of(
                    (out, m) -> {
                        claim(out, m.head());
                        out.u32(m.parts().size());
                        m.parts().forEach(part -> part(out, part));
                    },
                    FrameCodecs::range)
            .sized(m -> m.parts().stream().mapToLong(FrameCodecs::bytes).sum());

    static final FrameCodec<Rest> REST = FrameCodec.of(
            (out, m) -> out.hash(m.chain()).hash(m.quant()).u32(m.offset()),
            in -> new Rest(in.hash(), in.hash(), in.offset()));

    static final FrameCodec<About> ABOUT = FrameCodec.of((out, m) -> out.hash(m.chain()), in -> new About(in.hash()));

    static final FrameCodec<Document> DOCUMENT =
            FrameCodec.of((out, m) -> out.bytes(m.text()), in -> new Document(in.bytes(DOCUMENT_BYTES_MAX)));

    static final FrameCodec<AskLeap> ASK_LEAP = FrameCodec.of(
            (out, m) -> {
                out.hash(m.chain());
                m.on().ifPresent(out::hash);
            },
            in -> new AskLeap(in.hash(), in.hasMore() ? Optional.of(in.hash()) : Optional.empty()));

    static final FrameCodec<LeapAnswer> LEAP = FrameCodec.of(FrameCodecs::leap, FrameCodecs::leap);

    private FrameCodecs() {}

    /** How many transactions a {@link Supply} says that it has, before it is decoded; below zero if it says nothing. */
    public static int supplied(Bytes frame) {
        Decoder in = new Decoder(frame);
        in.u8();
        int count = in.u32();
        return in.failed() ? -1 : count;
    }

    private static void quant(Encoder out, QuantAnnouncement announcement) {
        if (announcement instanceof Hint m) {
            out.hash(m.chain()).u8(0).hash(m.quant());
        } else if (announcement instanceof Offer m) {
            head(out.hash(m.chain()).u8(1), m.compactQuant());
            ids(out, m.compactQuant().ids());
            transactions(out, m.supplied());
        }
    }

    private static QuantAnnouncement quant(FrameReader in) {
        Hash chain = in.hash();
        if (!in.flag()) {
            return new Hint(chain, in.hash());
        }
        QuantBounds bounds = in.bounds(chain);
        Header header = Canonical.header(in.decoder());
        List<Seal> seals = in.seals(bounds.sealsMax());
        List<Hash> ids = in.hashes(bounds.transactionsMax());
        List<Transaction> supplied = in.transactions(ids.size());
        return new Offer(chain, new CompactQuant(header, seals, ids), supplied);
    }

    private static Range range(FrameReader in) {
        Claim head = in.claim();
        return new Range(head, in.parts(PARTS_MAX, in.bounds(head.chain())));
    }

    private static void leap(Encoder out, LeapAnswer answer) {
        if (answer instanceof LeapDone m) {
            Canonical.write(out.u8(1), m.head().header());
            out.bytes(Bytes.wrap(m.head().weight().toByteArray()));
            out.u32(m.quants()).u64(m.count());
        } else if (answer instanceof LeapRefused m) {
            out.u8(0).bytes(Bytes.utf8(m.code())).bytes(Bytes.utf8(m.detail()));
        }
    }

    private static LeapAnswer leap(FrameReader in) {
        if (!in.flag()) {
            return new LeapRefused(in.text(), in.prose(DETAIL_BYTES_MAX));
        }
        Header header = Canonical.header(in.decoder());
        return new LeapDone(new Head(header.hash(), header, in.weight()), in.u32(), in.u64());
    }

    private static Status status(FrameReader in) {
        return new Status(in.mark(), in.u64(), in.hash(), in.listings(CHAINS_MAX), in.texts(ADDRESSES_MAX));
    }

    private static void status(Encoder out, Status status) {
        mark(out, status.mark()).u64(status.since()).hash(status.digest());
        out.u32(status.chains().size());
        status.chains().forEach(listing -> {
            claim(out, listing.claim());
            out.bytes(Bytes.utf8(listing.name()));
        });
        out.u32(status.addresses().size());
        status.addresses().forEach(address -> out.bytes(Bytes.utf8(address)));
    }

    private static List<Hash> ids(FrameReader in) {
        return in.hashes(IDS_MAX);
    }

    private static Encoder mark(Encoder out, Mark mark) {
        return out.u64(mark.session()).u64(mark.revision());
    }

    private static Encoder network(Encoder out, NetworkLabel network) {
        return out.bytes(Bytes.utf8(network.id())).u8(network.mode().number());
    }

    private static void claim(Encoder out, Claim claim) {
        out.hash(claim.chain()).hash(claim.hash()).u64(claim.height());
        out.bytes(Bytes.wrap(claim.weight().toByteArray()));
    }

    private static void head(Encoder out, CompactQuant compactQuant) {
        Canonical.write(out, compactQuant.header());
        out.u32(compactQuant.seals().size());
        compactQuant.seals().forEach(seal -> out.bytes(seal.key()).bytes(seal.signature()));
    }

    /** A part's first transactions travel whole; only the ids of the others must be sent. */
    private static void part(Encoder out, Part part) {
        head(out, part.compactQuant());
        transactions(out, part.transactions());
        List<Hash> ids = part.compactQuant().ids();
        ids(out, ids.subList(part.transactions().size(), ids.size()));
    }

    private static void ids(Encoder out, List<Hash> ids) {
        out.u32(ids.size());
        ids.forEach(out::hash);
    }

    private static void transactions(Encoder out, List<Transaction> transactions) {
        out.u32(transactions.size());
        transactions.forEach(transaction -> out.bytes(transaction.encoded()));
    }

    private static long bytes(Part part) {
        int cut = part.compactQuant().ids().size() - part.transactions().size();
        return PART_BYTES + (long) Hash.BYTES * cut + bytes(part.transactions());
    }

    private static long bytes(List<Transaction> transactions) {
        long size = 0;
        for (Transaction transaction : transactions) {
            size += Integer.BYTES + transaction.encoded().size();
        }
        return size;
    }
}
