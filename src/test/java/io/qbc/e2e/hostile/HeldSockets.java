package io.qbc.e2e.hostile;

import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers who hold what a node gives them: connections without requests, bodies that creep, answers that they do not
 * read. They come from an address of the loopback network, so that several can attack one node beside a good caller.
 */
public final class HeldSockets implements AutoCloseable {
    /** So that little of an answer is with its reader before it waits in the node. */
    private static final int RECEIVE_BYTES = 4096;

    private static final String HOST = "Host: localhost\r\n";

    private final List<Socket> sockets = new ArrayList<>();
    private final int port;
    private final String from;

    private HeldSockets(int port, String from) {
        this.port = port;
        this.from = from;
    }

    /** Connections that say nothing, from an address like 127.0.0.2. */
    public static HeldSockets idle(int port, String from, int count) {
        return new HeldSockets(port, from).open(count, "");
    }

    /** Readers of a path who read nothing. */
    public static HeldSockets unread(int port, String from, int count, String path, String accept) {
        String request = "GET " + path + " HTTP/1.1\r\n" + HOST + "Accept: " + accept + "\r\n\r\n";
        return new HeldSockets(port, from).open(count, request);
    }

    /** Callers who post bodies of a length, of which nothing comes before {@link #write} is called. */
    public static HeldSockets bodies(int port, String from, int count, String path, String type, long length) {
        String request = "POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n";
        return new HeldSockets(port, from).open(count, request);
    }

    /** Opens some more that begin with these bytes. */
    public HeldSockets open(int count, String begin) {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            try {
                socket.setReceiveBufferSize(RECEIVE_BYTES);
                socket.bind(new InetSocketAddress(address(from), 0));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.setSoTimeout((int) Patience.ANSWER.toMillis());
                socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                sockets.add(socket);
            }
        }
        return this;
    }

    /** An address from its digits, which no name server is asked for. */
    private static InetAddress address(String digits) throws UnknownHostException {
        return InetAddress.getAllByName(digits)[0];
    }

    /** How many there are. */
    public int count() {
        return sockets.size();
    }

    /** Sends the same to all, and gives how many were closed meanwhile. */
    public int write(byte[] bytes) {
        int broken = 0;
        for (Socket socket : sockets) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException closed) {
                broken++;
            }
        }
        return broken;
    }

    /** Reads all that each was sent until it was closed. */
    public List<String> answers() {
        return sockets.stream().map(HeldSockets::answer).toList();
    }

    private static String answer(Socket socket) {
        StringBuilder answer = new StringBuilder();
        byte[] some = new byte[RECEIVE_BYTES];
        try {
            for (int read = socket.getInputStream().read(some); read >= 0; ) {
                answer.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
                read = socket.getInputStream().read(some);
            }
        } catch (IOException reset) {
            answer.append("\nreset");
        }
        return answer.toString();
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
