package io.qbc.e2e.hostile;

import io.qbc.Patience;
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

    private final int port;
    private final InetAddress from;

    /** A caller from an address like 127.0.0.2. */
    public RawCaller(int port, String from) throws IOException {
        this.port = port;
        this.from = InetAddress.getAllByName(from)[0];
    }

    /** The status of the answer to a GET, of which nothing is kept. */
    public int get(String path, String accept) {
        return call("GET " + path + " HTTP/1.1\r\nAccept: " + accept + "\r\n", new byte[0]);
    }

    /** The status of the answer to a POST. */
    public int post(String path, String type, byte[] body) {
        String head = "POST " + path + " HTTP/1.1\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length;
        return call(head + "\r\n", body);
    }

    private int call(String head, byte[] body) {
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
            return status(socket.getInputStream());
        } catch (IOException reset) {
            return CUT_OFF;
        }
    }

    private static int status(InputStream in) throws IOException {
        byte[] some = new byte[PIECE_BYTES];
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            if (begin.size() < STATUS_LINE_BYTES) {
                begin.write(some, 0, read);
            }
        }
        String line = begin.toString(StandardCharsets.US_ASCII);
        return line.length() < STATUS_LINE_BYTES ? CUT_OFF : Integer.parseInt(line.substring(9, 12));
    }
}
