package io.qbc.e2e.hostile;

import io.qbc.Patience;
import io.qbc.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A caller from an address of the loopback network, who takes a new connection for every call. */
public final class RawCaller {
    /** The status of a call that the node cut off while it was still being sent. */
    public static final int CUT_OFF = 0;

    private static final int PIECE_BYTES = 64 * 1024;
    private static final int STATUS_LINE_BYTES = 15;
    private static final int KEPT_BYTES = 1 << 20;

    private final int port;
    private final InetAddress from;

    /** A caller from an address like 127.0.0.2. */
    public RawCaller(int port, String from) throws IOException {
        this.port = port;
        this.from = InetAddress.getAllByName(from)[0];
    }

    /** The status of the answer to a GET, of which nothing is kept. */
    public int get(String path, String accept) {
        return call("GET " + path + " HTTP/1.1\r\nAccept: " + accept + "\r\n", new byte[0], STATUS_LINE_BYTES)
                .status();
    }

    /** The status of the answer to a POST. */
    public int post(String path, String type, byte[] body) {
        return send(path, type, body).status();
    }

    /** An answer: its status, and the beginning of its body. */
    public record Answer(int status, Bytes body) {
        private static final Answer CUT = new Answer(CUT_OFF, Bytes.EMPTY);
    }

    /** The answer to a POST. */
    public Answer send(String path, String type, byte[] body) {
        String head = "POST " + path + " HTTP/1.1\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length;
        return call(head + "\r\n", body, KEPT_BYTES);
    }

    private Answer call(String head, byte[] body, int keptBytes) {
        String rest = "Host: localhost\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write((head + rest).getBytes(StandardCharsets.US_ASCII));
            for (int at = 0; at < body.length; at += PIECE_BYTES) {
                out.write(body, at, Math.min(PIECE_BYTES, body.length - at));
            }
            return answer(socket.getInputStream(), keptBytes);
        } catch (IOException reset) {
            return Answer.CUT;
        }
    }

    private static Answer answer(InputStream in, int keptBytes) throws IOException {
        byte[] some = new byte[PIECE_BYTES];
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            if (begin.size() < keptBytes) {
                begin.write(some, 0, read);
            }
        }
        String all = begin.toString(StandardCharsets.ISO_8859_1);
        if (all.length() < STATUS_LINE_BYTES) {
            return Answer.CUT;
        }
        int body = all.indexOf("\r\n\r\n");
        return new Answer(
                Integer.parseInt(all.substring(9, 12)),
                Bytes.wrap((body < 0 ? "" : all.substring(body + 4)).getBytes(StandardCharsets.ISO_8859_1)));
    }
}
