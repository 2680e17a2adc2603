package io.qbc.node;

import io.qbc.config.AccessMode;
import io.qbc.config.BridgeConfig;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.config.PeerAddress;
import io.qbc.config.PeerAddress.Reading;
import io.qbc.config.PemFile;
import io.qbc.eventbus.bridge.PermittedVerbs;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Under which addresses the node listens and is reached. */
final class Addresses {
    private Addresses() {}

    /** The configuration that a node runs with: refused if it may not be served, with its port chosen. */
    static NodeConfig settled(NodeConfig read) {
        requireLoopback(read);
        requireBridgeLoopback(read);
        var unusedVerbs = PermittedVerbs.of(read.bridges().permitted());
        NodeConfig config = withPort(read);
        requireAuthorities(config);
        return config;
    }

    /** The configuration with a free port in place of 0, so that the advertised address is known before listening. */
    static NodeConfig withPort(NodeConfig config) {
        if (config.port() != 0) {
            return config;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(config.host(), 0));
            return config.withPort(socket.getLocalPort());
        } catch (IOException | RuntimeException e) {
            throw new ConfigException("host " + config.host() + " is no address of this machine (" + e.getMessage()
                    + "); choose another with --host");
        }
    }

    /** Refuses a node that would serve everybody who reaches it without having been told so. */
    static void requireLoopback(NodeConfig config) {
        if (config.access().mode() == AccessMode.LOOPBACK && !isLoopback(config.host())) {
            throw new ConfigException("access.mode is loopback, in which callers may do everything, so host must be"
                    + " 127.0.0.1 or ::1 but is " + config.host() + "; to serve other machines make a key with qbc"
                    + " access add --name NAME --role admin --data " + config.data() + " and set access.mode to"
                    + " required (QBC_ACCESS_MODE), or set it to open where everybody may do everything");
        }
    }

    /** Refuses a bridge that would serve everybody who reaches it, as {@link #requireLoopback} refuses the API. */
    static void requireBridgeLoopback(NodeConfig config) {
        BridgeConfig.Tcp tcp = config.bridges().tcp();
        if (tcp.enabled() && config.access().mode() == AccessMode.LOOPBACK && !isLoopback(tcp.host())) {
            throw new ConfigException("access.mode is loopback, in which callers may do everything, so bridges.tcp.host"
                    + " must be 127.0.0.1 or ::1 but is " + tcp.host() + "; to serve other machines set access.mode to"
                    + " required, or to open where everybody may do everything");
        }
    }

    /** Refuses authorities of peers that cannot be read, which else each call would find out. */
    static void requireAuthorities(NodeConfig config) {
        String peerCa = config.gossip().peerCa();
        if (!peerCa.isEmpty() && !peerCa.equals(NodeConfig.Gossip.SYSTEM_CA)) {
            var unusedAuthorities = PemFile.certificates("gossip.peerCa", peerCa);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // What it is will be said when the node listens.
            return true;
        }
    }

    /** The address for a person on this machine. */
    static String local(NodeConfig config) {
        return PeerAddress.local(config.host(), config.port())
                .secured(config.http().tls().isOn())
                .text();
    }

    /** The address that peers are told: as configured, else made of the host and the port. */
    static String advertised(NodeConfig config) {
        if (PeerAddress.read(config.advertise()) instanceof Reading.Fine fine) {
            return fine.address().text();
        }
        return PeerAddress.wildcard(config.host())
                ? outside().map(ip -> at(ip, config)).orElseGet(() -> local(config))
                : at(config.host(), config);
    }

    private static String at(String host, NodeConfig config) {
        return PeerAddress.of(host, config.port())
                .secured(config.http().tls().isOn())
                .text();
    }

    /** The first IPv4 address of this machine that is not loopback. */
    private static Optional<String> outside() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }
}
