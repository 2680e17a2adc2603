package io.qbc.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of the generator with at most one request under way. */
final class Connection {
    private final InetSocketAddress address;
    private final byte[] array;
    private final ByteBuffer out;
    private final ResponseParser response = new ResponseParser();
    private SocketChannel channel;
    private SelectionKey key;
    private long intended;
    private boolean busy;

    Connection(int port, int bytesMax, Selector selector) throws IOException {
        address = Http.address(port);
        array = new byte[bytesMax];
        out = ByteBuffer.wrap(array);
        open(selector);
    }

    private void open(Selector selector) throws IOException {
        channel = SocketChannel.open(address);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = channel.register(selector, SelectionKey.OP_READ, this);
        busy = false;
    }

    /** Opens it anew after a failure. */
    void reopen(Selector selector) throws IOException {
        close();
        open(selector);
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }

    void send(Requests requests, long n, long intendedAt) throws IOException {
        int size = requests.write(n, array);
        out.clear().limit(size);
        intended = intendedAt;
        busy = true;
        response.reset();
        flush();
    }

    /** Goes on writing; the socket takes a small request in one go. */
    void flush() throws IOException {
        channel.write(out);
        key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Reads what is there; true once the answer is whole. */
    boolean receive(ByteBuffer scratch) throws IOException {
        scratch.clear();
        int count = channel.read(scratch);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        if (count > 0 && response.take(scratch.flip())) {
            busy = false;
            return true;
        }
        return false;
    }

    boolean busy() {
        return busy;
    }

    /** When the request under way was meant to be sent, by the nano clock. */
    long intended() {
        return intended;
    }

    ResponseParser response() {
        return response;
    }
}
