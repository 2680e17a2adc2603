package io.qbc.eventbus.cluster;

import io.qbc.config.ClusterConfig;
import io.qbc.config.PemFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;

/** How messages come from other members, and go to them. */
public final class BusOptions {
    private BusOptions() {}

    /** The options of the configuration; files that cannot be read are refused here. Blocks. */
    public static EventBusOptions of(ClusterConfig cluster) {
        EventBusOptions options = new EventBusOptions().setHost(cluster.host()).setPort(cluster.busPort());
        ClusterConfig.Tls tls = cluster.tls();
        if (!tls.isOn()) {
            return options;
        }
        var unusedCertificates = PemFile.certificates("cluster.tls.certificate", tls.certificate());
        var unusedAuthorities = PemFile.certificates("cluster.tls.ca", tls.ca());
        return options.setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(PemFile.bytes("cluster.tls.certificate", tls.certificate())))
                        .addKeyValue(Buffer.buffer(PemFile.bytes("cluster.tls.key", tls.key()))))
                .setTrustOptions(
                        new PemTrustOptions().addCertValue(Buffer.buffer(PemFile.bytes("cluster.tls.ca", tls.ca()))));
    }
}
