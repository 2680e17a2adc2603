package io.qbc.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Reads one long answer as fast as it comes, from a bare socket, since it shares the cores with the server. */
public final class StreamReader {
    private static final int TAIL = 5;

    private StreamReader() {}

    /**
     * What came.
     *
     * @param bytes with the framing, which is far below one percent
     * @param whole whether the answer was 200 and ended as it should
     */
    public record Stream(long bytes, double seconds, boolean whole) {
        public double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }
    }

    public static Stream read(int port, String path, String accept) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + Http.HOST + "\r\nAccept: " + accept
                + "\r\nConnection: close\r\n\r\n";
        byte[] buffer = new byte[1 << 18];
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1 << 20);
            socket.connect(Http.address(port));
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(Http.ascii(request));
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(12);
            long bytes = head.length;
            byte[] tail = new byte[TAIL];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes += count;
                keep(tail, buffer, count);
            }
            String status = new String(head, StandardCharsets.ISO_8859_1);
            boolean whole =
                    status.endsWith(" 200") && new String(tail, StandardCharsets.ISO_8859_1).equals("0\r\n\r\n");
            return new Stream(bytes, (System.nanoTime() - start) / 1e9, whole);
        }
    }

    /** Shifts the last bytes read into the tail. */
    private static void keep(byte[] tail, byte[] buffer, int count) {
        int fresh = Math.min(count, tail.length);
        System.arraycopy(tail, fresh, tail, 0, tail.length - fresh);
        System.arraycopy(buffer, count - fresh, tail, tail.length - fresh, fresh);
    }
}
