package io.qbc.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** The form of addresses in the configuration; whether a peer may be called is decided when it is. */
final class AddressRules {
    private static final Pattern FOUR = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private AddressRules() {}

    static void check(NodeConfig config) {
        config.peers().forEach(peer -> base("peers", peer));
        if (!config.advertise().isEmpty()) {
            base("advertise", config.advertise());
        }
        config.gossip().networks().forEach(block -> network("gossip.networks", block));
        config.budgets().proxies().forEach(block -> network("budgets.proxies", block));
        config.http().proxies().forEach(block -> network("http.proxies", block));
        config.http().origins().forEach(origin -> base("http.origins", origin));
    }

    private static void base(String key, String address) {
        if (!isBase(address)) {
            throw new ConfigException(
                    key + " must be http:// or https://, host and port only, like http://node1:5000, but is '" + address
                            + "'");
        }
    }

    private static boolean isBase(String address) {
        try {
            URI uri = new URI(address);
            boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            return scheme
                    && bare
                    && uri.getHost() != null
                    && uri.getPort() <= 65_535
                    && (path.isEmpty() || path.equals("/"));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void network(String key, String block) {
        int slash = block.indexOf('/');
        String address = slash < 0 ? block : block.substring(0, slash);
        boolean four = FOUR.matcher(address).matches() && isAddress(address);
        boolean six = SIX.matcher(address).matches() && isAddress(address);
        String prefix = slash < 0 ? "" : block.substring(slash + 1);
        boolean bits = prefix.matches("[0-9]{1,3}") && Integer.parseInt(prefix) <= (four ? 32 : 128);
        if (!bits || (!four && !six)) {
            throw new ConfigException(
                    key + " must be CIDR blocks, like 10.0.0.0/8 or fc00::/7, but has '" + block + "'");
        }
    }

    /** Whether it is an address; of the characters of one only, so that no name is looked up. */
    private static boolean isAddress(String literal) {
        try {
            InetAddress.getByName(literal);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
