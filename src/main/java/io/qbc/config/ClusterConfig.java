package io.qbc.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cluster of event buses of several processes.
 *
 * @param enabled whether this node is a member of one, and its public addresses are reached from all members
 * @param name of the cluster; members of another name are none of it
 * @param host the address of this machine at which other members reach this one
 * @param port on which the members speak with each other
 * @param busPort on which messages come from other members; 0 takes a free one
 * @param members addresses of members, each HOST:PORT
 * @param hazelcast a Hazelcast configuration file (XML or YAML) that goes before name, port and members; empty for none
 */
public record ClusterConfig(
        boolean enabled,
        String name,
        String host,
        int port,
        int busPort,
        List<String> members,
        String hazelcast,
        Tls tls) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int PORT_MAX = 65_535;

    /** As it ships; after what its making needs. */
    public static final ClusterConfig OFF =
            new ClusterConfig(false, "qbc", "127.0.0.1", 5701, 0, List.of(), "", Tls.NONE);

    /**
     * TLS of the messages between members, in which each proves itself by its certificate.
     *
     * @param certificate a PEM file with this member's certificate; empty for no TLS
     * @param key a PEM file with its secret key
     * @param ca a PEM file of the authorities that vouch for the members
     */
    public record Tls(String certificate, String key, String ca) {
        public static final Tls NONE = new Tls("", "", "");

        public Tls {
            if (certificate.isEmpty() != key.isEmpty()) {
                throw new ConfigException(
                        "cluster.tls.key must be set where cluster.tls.certificate is, and only there");
            }
            if (certificate.isEmpty() != ca.isEmpty()) {
                throw new ConfigException(
                        "cluster.tls.ca must be set where cluster.tls.certificate is, and only there");
            }
        }

        /** Whether members speak TLS. */
        public boolean isOn() {
            return !certificate.isEmpty();
        }
    }

    public ClusterConfig {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException(
                    "cluster.name must be 1 to 64 letters, digits, points, dashes and underscores but is '" + name
                            + "'");
        }
        Require.text("cluster.host", host);
        Require.range("cluster.port", port, 1, PORT_MAX);
        Require.range("cluster.busPort", busPort, 0, PORT_MAX);
        members = List.copyOf(members);
        members.forEach(member -> {
            if (Member.parse(member).isEmpty()) {
                throw new ConfigException(
                        "cluster.members must be HOST:PORT each, like node2:5701, but has '" + member + "'");
            }
        });
        if (enabled && PeerAddress.wildcard(host)) {
            throw new ConfigException("cluster.host must be one address of this machine, by which other members reach"
                    + " it, but is " + host);
        }
    }

    /** The address of a member. */
    public record Member(String host, int port) {
        private static final int DIGITS_MAX = 5;

        /** Reads HOST:PORT, the host of IPv6 in brackets; empty if it is none. */
        static Optional<Member> parse(String text) {
            int colon = text.lastIndexOf(':');
            String digits = text.substring(colon + 1);
            if (colon <= 0 || digits.isEmpty() || digits.length() > DIGITS_MAX) {
                return Optional.empty();
            }
            String host = PeerAddress.unbracketed(text.substring(0, colon));
            boolean readable = digits.chars().allMatch(letter -> letter >= '0' && letter <= '9')
                    && host.chars().noneMatch(letter -> letter <= ' ' || letter == '/' || letter == ',');
            int number = readable ? Integer.parseInt(digits) : 0;
            return number >= 1 && number <= PORT_MAX ? Optional.of(new Member(host, number)) : Optional.empty();
        }
    }

    /** The addresses of the members, read. */
    public List<Member> addresses() {
        return members.stream().flatMap(member -> Member.parse(member).stream()).toList();
    }

    /** Refuses a node that takes whoever asks for somebody on its own machine, and lets others ask. */
    void require(AccessMode mode) {
        if (enabled && mode == AccessMode.LOOPBACK) {
            throw new ConfigException(
                    "cluster.enabled lets callers of other machines ask this node, so access.mode must"
                            + " be required (or open, where everybody may do everything) but is loopback;"
                            + " qbc access add makes a key");
        }
    }
}
