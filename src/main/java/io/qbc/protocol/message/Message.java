package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A request or an answer between peers. */
public sealed interface Message {
    /**
     * The first message of a handshake, by the node that calls.
     *
     * @param nonce 32 fresh random bytes
     * @param ephemeral the public value of a secret that is made for this handshake alone
     * @param key the caller's identity key
     * @param address the caller's own base address, or empty if it cannot be called
     * @param called the address that the caller calls
     */
    record Hello(NetworkLabel network, Bytes nonce, Bytes ephemeral, Bytes key, String address, String called)
            implements Message {}

    /**
     * What the node that is called says of itself in a handshake.
     *
     * @param session the new session's id
     * @param nonce 32 fresh random bytes
     * @param ephemeral the public value of a secret that is made for this handshake alone
     * @param key the callee's identity key
     * @param address its own base address, or empty if it cannot be called
     */
    record Callee(Bytes session, Bytes nonce, Bytes ephemeral, Bytes key, String address) {}

    /** The answer to {@link Hello}: the callee, its signature, and its proof that it has the session's keys. */
    record Welcome(Callee callee, Bytes signature, Bytes proof) implements Message {}

    /** The second message of a handshake: the caller's signature, and its proof that it has the session's keys. */
    record Prove(Bytes session, Bytes signature, Bytes proof) implements Message {}

    /** The answer to {@link Prove}: the session is open. */
    record Ready(Bytes proof) implements Message {}

    /**
     * The body of an answer that refuses a handshake or a message of a session.
     *
     * @param code why
     * @param network of the node that refuses
     */
    record Refused(String code, NetworkLabel network) implements Message {}

    /** The question for a {@link Status}, and up to where it is known. */
    record AskStatus(Mark known) implements Message {}

    /**
     * The heads of a node's chains, and base addresses of peers that it found alive.
     *
     * @param mark where the list stands now
     * @param since the revision after which the chains given have changed; 0: they are all
     * @param digest {@link HeadsDigest} of the whole list
     */
    record Status(Mark mark, long since, Hash digest, List<Listing> chains, List<String> addresses) implements Message {
        public Status {
            chains = List.copyOf(chains);
            addresses = List.copyOf(addresses);
        }
    }

    /** Ids of transactions of a chain: announced, or asked for. */
    record Ids(Hash chain, List<Hash> ids) implements Message {
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /** Those announced ids that are wanted; {@code later}: others were asked of somebody else, announce again. */
    record Wanted(boolean later, List<Hash> ids) implements Message {
        public Wanted {
            ids = List.copyOf(ids);
        }
    }

    /** Whole transactions of a chain. */
    record Push(Hash chain, List<Transaction> transactions) implements Message {
        public Push {
            transactions = List.copyOf(transactions);
        }
    }

    /** How many were taken or here before; {@code busy}: some were not, but may be later. */
    record Taken(int count, boolean busy) implements Message {}

    /** Whole transactions, as far as they are here and fit. */
    record Supply(List<Transaction> transactions) implements Message {
        public Supply {
            transactions = List.copyOf(transactions);
        }
    }

    /** Asks for the spec of a chain. */
    record About(Hash chain) implements Message {}

    /** Asks for a leap; of an empty pool only {@code on} this head, if one is given. */
    record AskLeap(Hash chain, Optional<Hash> on) implements Message {}

    /** A chain's spec in its RFC 8785 bytes. */
    record Document(Bytes text) implements Message {}

    /** What became of a leap that was asked for. */
    sealed interface LeapAnswer extends Message {}

    /** The leap was done: the new head, and what it took. */
    record LeapDone(Head head, int quants, long count) implements LeapAnswer {}

    /** The leap was not done: a reason's code, and more for people. */
    record LeapRefused(String code, String detail) implements LeapAnswer {}

    /** A new quant, as one peer announces it to another. */
    sealed interface QuantAnnouncement extends Message {
        Hash chain();
    }

    /** A new quant by its hash alone. */
    record Hint(Hash chain, Hash quant) implements QuantAnnouncement {}

    /** A new quant, with those of its transactions that the other one misses. */
    record Offer(Hash chain, CompactQuant compactQuant, List<Transaction> supplied) implements QuantAnnouncement {
        public Offer {
            supplied = List.copyOf(supplied);
        }
    }

    /** What became of a hint or an offer; ids with {@code MISSING}, a reason's code with {@code REFUSED}. */
    record Reply(State state, List<Hash> ids, String code) implements Message {
        public Reply {
            ids = List.copyOf(ids);
        }

        public Reply(State state) {
            this(state, List.of(), "");
        }
    }

    /** The states of a reply, with their numbers on the wire. */
    enum State {
        KNOWN(0),
        ACCEPTED(1),
        MISSING(2),
        ORPHAN(3),
        REFUSED(4),
        WANTED(5);

        private final int number;

        State(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        public static Optional<State> of(int number) {
            return Arrays.stream(values())
                    .filter(state -> state.number == number)
                    .findFirst();
        }
    }

    /** Asks for the quants after the first of these hashes that is on the other one's chain. */
    record Follow(Hash chain, List<Hash> locator) implements Message {
        public Follow {
            locator = List.copyOf(locator);
        }
    }

    /** Asks for a quant's transactions from one on. */
    record Rest(Hash chain, Hash quant, int offset) implements Message {}

    /** Quants in order, none if the chain ends here, and the head at this time. */
    record Range(Claim head, List<Part> parts) implements Message {
        public Range {
            parts = List.copyOf(parts);
        }
    }

    /** A quant, whole or cut: in compact form, and as many of its first transactions as did fit. */
    record Part(CompactQuant compactQuant, List<Transaction> transactions) {
        public Part {
            transactions = List.copyOf(transactions);
        }
    }
}
