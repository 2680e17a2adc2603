package io.qbc.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A receiver of webhooks that runs as a process of its own, needs nothing but the JDK, and keeps a line of each event
 * on disk before it says that it has it: the message's id, the leaf index and the transaction's id.
 */
public final class WebhookReceiver {
    private static final Pattern EVENT = Pattern.compile("\"id\":\"([0-9]+)\",\"subject\":\"([0-9a-f]{64})\"");

    private final FileChannel file;

    private WebhookReceiver(FileChannel file) {
        this.file = file;
    }

    /** Receives at a port of loopback, into a file. */
    public static void main(String[] args) throws IOException {
        FileChannel file = FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.createContext("/", new WebhookReceiver(file)::receive);
        server.start();
    }

    private synchronized void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher event = EVENT.matcher(body);
            if (!event.find()) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String line = id + " " + event.group(1) + " " + event.group(2) + "\n";
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            file.force(false);
            exchange.sendResponseHeaders(204, -1);
        }
    }
}
