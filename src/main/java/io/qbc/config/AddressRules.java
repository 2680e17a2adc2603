package io.qbc.config;

import io.qbc.config.PeerAddress.Reading;
import java.util.Locale;

/** The form of addresses in the configuration; whether a peer may be called is decided when it is. */
final class AddressRules {
    private AddressRules() {}

    static void check(NodeConfig config) {
        config.peers().forEach(peer -> base("peers", peer));
        if (!config.advertise().isEmpty()) {
            base("advertise", config.advertise());
        }
        if (config.http().tls().isOn()
                && config.advertise().toLowerCase(Locale.ROOT).startsWith("http://")) {
            throw new ConfigException(
                    "advertise must be https:// as http.tls.certificate is set, but is '" + config.advertise() + "'");
        }
        config.gossip().networks().forEach(block -> network("gossip.networks", block));
        config.subscriptions().webhook().allowed().forEach(block -> network("subscriptions.webhook.allowed", block));
        config.budgets().proxies().forEach(block -> network("budgets.proxies", block));
        config.http().proxies().forEach(block -> network("http.proxies", block));
        config.http().origins().forEach(origin -> base("http.origins", origin));
    }

    private static void base(String key, String address) {
        if (PeerAddress.read(address) instanceof Reading.Wrong wrong) {
            throw new ConfigException(
                    key + " must be http:// or https://, host and port only, like http://node1:5000, but is '" + address
                            + "': " + wrong.why());
        }
    }

    private static void network(String key, String block) {
        if (block.indexOf('/') < 0 || Cidr.parse(block).isEmpty()) {
            throw new ConfigException(
                    key + " must be CIDR blocks, like 10.0.0.0/8 or fc00::/7, but has '" + block + "'");
        }
    }
}
