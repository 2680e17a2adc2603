package io.qbc.gossip.wire;

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
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.About;
import io.qbc.protocol.message.Message.AskLeap;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Document;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.LeapDone;
import io.qbc.protocol.message.Message.LeapRefused;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.Message.Welcome;
import java.util.List;
import java.util.Optional;

/** The bytes of the peer protocol, version 2; {@code src/docs/peer-protocol.md} describes them. */
public final class Frame {
    static final int VERSION = 2;

    private static final int DOCUMENT_BYTES_MAX = 1 << 20;
    private static final int DETAIL_BYTES_MAX = 4096;

    private Frame() {}

    /** Writes any message. */
    public static Bytes write(Message message) {
        Encoder out = new Encoder(FrameSize.of(message)).u8(VERSION);
        if (message instanceof Hello m) {
            out.raw(m.nonce()).bytes(m.key()).bytes(Bytes.utf8(m.called())).bytes(Bytes.utf8(m.address()));
            mark(out.bytes(m.signature()), m.known());
        } else if (message instanceof AskStatus m) {
            mark(out, m.known());
        } else if (message instanceof Welcome m) {
            out.bytes(m.key()).bytes(Bytes.utf8(m.address())).bytes(m.signature());
            status(out, m.status());
        } else if (message instanceof Status m) {
            status(out, m);
        } else if (message instanceof Ids m) {
            ids(out.hash(m.chain()), m.ids());
        } else if (message instanceof Rest m) {
            out.hash(m.chain()).hash(m.quant()).u32(m.offset());
        } else if (message instanceof Wanted m) {
            ids(out.u8(m.later() ? 1 : 0), m.ids());
        } else if (message instanceof Push m) {
            transactions(out.hash(m.chain()), m.transactions());
        } else if (message instanceof Taken m) {
            out.u32(m.count()).u8(m.busy() ? 1 : 0);
        } else if (message instanceof Supply m) {
            transactions(out, m.transactions());
        } else {
            quants(out, message);
        }
        return out.toBytes();
    }

    private static void quants(Encoder out, Message message) {
        if (message instanceof Hint m) {
            out.hash(m.chain()).u8(0).hash(m.quant());
        } else if (message instanceof Offer m) {
            head(out.hash(m.chain()).u8(1), m.compactQuant());
            ids(out, m.compactQuant().ids());
            transactions(out, m.supplied());
        } else if (message instanceof Reply m) {
            ids(out.u8(m.state().number()), m.ids());
            out.bytes(Bytes.utf8(m.code()));
        } else if (message instanceof Follow m) {
            ids(out.hash(m.chain()), m.locator());
        } else if (message instanceof About m) {
            out.hash(m.chain());
        } else if (message instanceof AskLeap m) {
            out.hash(m.chain());
            m.on().ifPresent(out::hash);
        } else if (message instanceof Document m) {
            out.bytes(m.text());
        } else if (message instanceof LeapDone m) {
            Canonical.write(out.u8(1), m.head().header());
            out.bytes(Bytes.wrap(m.head().weight().toByteArray()));
            out.u32(m.quants()).u64(m.count());
        } else if (message instanceof LeapRefused m) {
            out.u8(0).bytes(Bytes.utf8(m.code())).bytes(Bytes.utf8(m.detail()));
        } else if (message instanceof Range m) {
            claim(out, m.head());
            out.u32(m.parts().size());
            m.parts().forEach(part -> part(out, part));
        }
    }

    public static Optional<Hello> hello(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Hello hello = new Hello(
                in.raw(HandshakeMessages.NONCE_BYTES),
                in.bytes(Ed25519.KEY_BYTES),
                in.text(),
                in.text(),
                in.bytes(Ed25519.SIGNATURE_BYTES),
                in.mark());
        return in.whole(hello);
    }

    public static Optional<Welcome> welcome(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Welcome welcome =
                new Welcome(in.bytes(Ed25519.KEY_BYTES), in.text(), in.bytes(Ed25519.SIGNATURE_BYTES), status(in));
        return in.whole(welcome);
    }

    public static Optional<AskStatus> askStatus(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new AskStatus(in.mark()));
    }

    public static Optional<Status> status(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(status(in));
    }

    public static Optional<Ids> ids(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Ids(in.hash(), in.hashes()));
    }

    public static Optional<Wanted> wanted(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Wanted(in.flag(), in.hashes()));
    }

    public static Optional<Push> push(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Push(in.hash(), in.transactions()));
    }

    public static Optional<Taken> taken(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Taken(in.u32(), in.flag()));
    }

    public static Optional<Supply> supply(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Supply(in.transactions()));
    }

    /** Reads a {@link Hint} or an {@link Offer}. */
    public static Optional<Message> quant(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Hash chain = in.hash();
        if (!in.flag()) {
            return in.whole(new Hint(chain, in.hash()));
        }
        Header header = Canonical.header(in.decoder());
        List<Seal> seals = in.seals();
        CompactQuant compactQuant = new CompactQuant(header, seals, in.hashes());
        return in.whole(new Offer(chain, compactQuant, in.transactions()));
    }

    public static Optional<Reply> reply(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Optional<State> state = State.of(in.u8());
        Reply reply = new Reply(state.orElse(State.REFUSED), in.hashes(), in.text());
        return state.flatMap(known -> in.whole(reply));
    }

    public static Optional<Follow> follow(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new Follow(in.hash(), in.hashes()));
    }

    public static Optional<Range> range(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Claim head = in.claim();
        return in.whole(new Range(head, in.parts()));
    }

    /** How many transactions a {@link Supply} says that it has, before it is read; below zero if it says nothing. */
    public static int supplied(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        in.u8();
        int count = in.u32();
        return in.failed() ? -1 : count;
    }

    public static Optional<Rest> rest(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Rest rest = new Rest(in.hash(), in.hash(), in.u32());
        return rest.offset() < 0 ? Optional.empty() : in.whole(rest);
    }

    public static Optional<About> about(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(new About(in.hash()));
    }

    public static Optional<AskLeap> askLeap(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        Hash chain = in.hash();
        Optional<Hash> on = in.decoder().remaining() > 0 ? Optional.of(in.hash()) : Optional.empty();
        return in.whole(new AskLeap(chain, on));
    }

    public static Optional<Bytes> document(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        return in.whole(in.bytes(DOCUMENT_BYTES_MAX));
    }

    /** Reads a {@link LeapDone} or a {@link LeapRefused}. */
    public static Optional<Message> leap(Bytes bytes) {
        FrameReader in = new FrameReader(bytes);
        if (!in.flag()) {
            return in.whole(new LeapRefused(in.text(), in.prose(DETAIL_BYTES_MAX)));
        }
        Header header = Canonical.header(in.decoder());
        return in.whole(new LeapDone(new Head(header.hash(), header, in.weight()), in.u32(), in.u64()));
    }

    private static Status status(FrameReader in) {
        return new Status(in.mark(), in.u64(), in.hash(), in.listings(), in.texts());
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

    private static Encoder mark(Encoder out, Mark mark) {
        return out.u64(mark.session()).u64(mark.revision());
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

    /** A part's first transactions travel whole; only the ids of the others must be told. */
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
}
