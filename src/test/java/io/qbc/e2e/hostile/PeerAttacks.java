package io.qbc.e2e.hostile;

import io.qbc.Chance;
import io.qbc.HeaderEdit;
import io.qbc.Patience;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Attacks on a node's memory through the calls of peers, by somebody who has no key and did no work. */
public final class PeerAttacks implements AutoCloseable {
    private static final int VERSION = 2;
    /** What a call gets that the node cut off while it was still sending. */
    public static final int CUT_OFF = 0;

    private final String base;
    private final ChainSpec spec;
    private final Random random;
    private final List<Socket> held = new ArrayList<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Patience.ANSWER)
            .build();

    /**
     * An attacker of one node.
     *
     * @param base the node's base address
     * @param spec the chain that it has
     */
    public PeerAttacks(String base, ChainSpec spec, Random random) {
        this.base = base;
        this.spec = spec;
        this.random = random;
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

    /** Sends all but the last byte of messages of this length, and nothing more until this attacker is closed. */
    public void holdBodies(int count, int bytes) throws IOException {
        URI uri = URI.create(base);
        String head = "POST /v1/peer/quant HTTP/1.1\r\nHost: here\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Length: " + bytes + "\r\n\r\n";
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(uri.getHost(), uri.getPort());
            held.add(socket);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            try {
                socket.getOutputStream().write(new byte[bytes - 1]);
            } catch (IOException e) {
                // The node has closed it, as it has no room for it.
                socket.close();
            }
        }
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

    private int call(String verb, Encoder frame) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v1/peer/" + verb))
                .timeout(Patience.ANSWER)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(frame.toArray()))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return CUT_OFF;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : held) {
            socket.close();
        }
    }
}
