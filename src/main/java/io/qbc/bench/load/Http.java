package io.qbc.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The texts of the requests that the bench sends. */
public final class Http {
    public static final String HOST = "127.0.0.1";
    public static final String CHAIN = "/v1/chains/main";
    public static final String TRANSACTIONS = CHAIN + "/transactions";

    private Http() {}

    public static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
    }

    static String post(String path, String type, int size) {
        return post(path, type, size, Optional.empty());
    }

    /** @param key an API key to show */
    static String post(String path, String type, int size, Optional<String> key) {
        String proof = key.map(shown -> "Authorization: " + authorization(shown) + "\r\n")
                .orElse("");
        return "POST " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n" + proof + "Content-Type: " + type
                + "\r\nContent-Length: " + size + "\r\n\r\n";
    }

    public static String authorization(String key) {
        return "Bearer " + key;
    }

    /** Where a server of ours listens. */
    public static InetSocketAddress address(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
