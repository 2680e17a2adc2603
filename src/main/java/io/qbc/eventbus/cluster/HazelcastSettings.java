package io.qbc.eventbus.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.TcpIpConfig;
import io.qbc.config.ClusterConfig;
import io.qbc.config.ConfigException;
import io.qbc.config.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Hazelcast's configuration, made of the node's: members that are named, nothing that is searched for. */
final class HazelcastSettings {
    /** Where Vert.x keeps who listens at which address. */
    private static final String SUBSCRIPTIONS = "__vertx.subs";

    private static final String NODES = "__vertx.nodeInfo";
    private static final String LOGGING = "hazelcast.logging.type";
    private static final String SLF4J = "slf4j";
    private static final int BACKUPS = 1;

    private HazelcastSettings() {}

    /** Reads the file that experts give, if they do. Blocks. */
    static Config of(ClusterConfig cluster) {
        Config config = cluster.hazelcast().isEmpty() ? made(cluster) : read(cluster.hazelcast());
        config.addMultiMapConfig(new MultiMapConfig(SUBSCRIPTIONS)
                .setBackupCount(BACKUPS)
                .setValueCollectionType(ValueCollectionType.SET));
        config.addMapConfig(new MapConfig(NODES).setBackupCount(BACKUPS));
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty(LOGGING, SLF4J);
        // Some of its classes look there alone.
        System.setProperty(LOGGING, System.getProperty(LOGGING, SLF4J));
        return config;
    }

    private static Config made(ClusterConfig cluster) {
        Config config = new Config();
        config.setClusterName(cluster.name());
        // Only the address that is named listens.
        config.setProperty("hazelcast.socket.bind.any", "false");
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(cluster.port()).setPortAutoIncrement(false).setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(address(cluster.host()));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        TcpIpConfig members = join.getTcpIpConfig().setEnabled(true);
        members.addMember(PeerAddress.bracketed(cluster.host()) + ":" + cluster.port());
        cluster.addresses()
                .forEach(member -> members.addMember(PeerAddress.bracketed(member.host()) + ":" + member.port()));
        return config;
    }

    /** Hazelcast compares the addresses of interfaces as they are written. */
    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new ConfigException("cluster.host must be an address of this machine, but nobody knows " + host);
        }
    }

    private static Config read(String file) {
        Path path = Path.of(file);
        try {
            return Config.loadFromFile(path.toFile());
        } catch (IOException | RuntimeException e) {
            throw new ConfigException(
                    "cluster.hazelcast must name a Hazelcast file, but " + file + " is none: " + e.getMessage());
        }
    }
}
