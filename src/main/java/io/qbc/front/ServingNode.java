package io.qbc.front;

import java.net.URI;

/**
 * A node that serves.
 *
 * @param id of its process in the cluster
 * @param key its public key in hexadecimal digits
 * @param api base address of its REST API
 */
record ServingNode(String id, String key, URI api) implements Comparable<ServingNode> {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    boolean isSecure() {
        return "https".equals(api.getScheme());
    }

    String host() {
        String host = api.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return api.getPort() >= 0 ? api.getPort() : isSecure() ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public int compareTo(ServingNode other) {
        return id.compareTo(other.id);
    }
}
