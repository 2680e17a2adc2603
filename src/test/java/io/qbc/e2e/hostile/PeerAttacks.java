package io.qbc.e2e.hostile;

import io.qbc.Chance;
import io.qbc.HeaderEdit;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.protocol.session.Envelope;
import io.qbc.protocol.session.TestCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Attacks on a node's memory through the calls of peers, by somebody who made a key, and did no work. */
public final class PeerAttacks {
    private static final int VERSION = 3;
    private static final String TYPE = "application/octet-stream";

    private final RawCaller caller;
    private final TestCaller proved;
    private final ChainSpec spec;
    private final Random random;

    /**
     * An attacker of one node.
     *
     * @param caller from the attacker's address
     * @param spec the chain that it has
     */
    public PeerAttacks(RawCaller caller, ChainSpec spec, Random random) {
        this.caller = caller;
        this.spec = spec;
        this.random = random;
        proved = TestCaller.open(Ed25519.signer(Chance.bytes(random, 32)), "http://127.0.0.1:5000", this::post);
        // While all room is taken there is none for a handshake either.
        proved.session();
    }

    /** Offers quants on parents that nobody knows, without work, each with so many empty seals; gives the statuses. */
    public List<Integer> offerEmptySeals(int offers, int seals) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < offers; i++) {
            Encoder out = header(frame().u8(1)).u32(seals);
            for (int seal = 0; seal < seals; seal++) {
                out.bytes(Bytes.EMPTY).bytes(Bytes.EMPTY);
            }
            statuses.add(call("quant", out.u32(0).u32(0)));
        }
        return statuses;
    }

    /** Offers quants on parents that nobody knows, without work, each with so many ids; gives the statuses. */
    public List<Integer> offerIds(int offers, int ids) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < offers; i++) {
            Encoder out = header(frame().u8(1)).u32(0);
            statuses.add(call("quant", ids(out, ids).u32(0)));
        }
        return statuses;
    }

    /** Announces so many ids in each of some messages; gives the statuses. */
    public List<Integer> announce(int messages, int ids) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            statuses.add(call("ids", ids(frame(), ids)));
        }
        return statuses;
    }

    private Encoder frame() {
        return new Encoder(1 << 16).u8(VERSION).hash(spec.id());
    }

    private Encoder header(Encoder out) {
        Header header = HeaderEdit.of(spec.genesis(), edit -> {
            edit.chain = spec.id();
            edit.height = 1_000;
            edit.previous = Hash.at(Chance.bytes(random, Hash.BYTES), 0);
            edit.producer = Bytes.wrap(Chance.bytes(random, 32));
        });
        Canonical.write(out, header);
        return out;
    }

    private Encoder ids(Encoder out, int count) {
        out.u32(count);
        for (int i = 0; i < count; i++) {
            out.hash(new Hash(random.nextLong(), i, 0, 0));
        }
        return out;
    }

    /** Sends frames of some methods in sessions that are none; gives the statuses. */
    public List<Integer> forge(int messages) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            Encoder out = new Encoder(1 << 16).u8(VERSION).raw(Chance.bytes(random, Envelope.BYTES - 1));
            statuses.add(caller.post(
                    "/v1/peer/ids",
                    TYPE,
                    ids(out.u8(VERSION).hash(spec.id()), 100).toArray()));
        }
        return statuses;
    }

    private int call(String verb, Encoder frame) {
        return proved.call(verb, frame.toBytes()).status();
    }

    private TestCaller.Reply post(String verb, Bytes body) {
        RawCaller.Answer answer = caller.send("/v1/peer/" + verb, TYPE, body.toArray());
        return new TestCaller.Reply(answer.status(), answer.body());
    }
}
