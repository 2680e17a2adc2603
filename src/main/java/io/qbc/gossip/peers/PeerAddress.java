package io.qbc.gossip.peers;

/**
 * The base address of a peer in its one spelling.
 *
 * @param secure https rather than http
 * @param host a lower-case name, or an IP address without brackets
 */
record PeerAddress(boolean secure, String host, int port) {
    /** Host and port as they stand in an address. */
    String authority() {
        return bracketed() + ":" + port;
    }

    /** The host as it stands in an address, an IPv6 address in brackets. */
    String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    String text() {
        return (secure ? "https://" : "http://") + authority();
    }

    @Override
    public String toString() {
        return text();
    }
}
