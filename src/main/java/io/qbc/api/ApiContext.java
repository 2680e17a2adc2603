package io.qbc.api;

import io.qbc.api.access.Access;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.tls.ServerTls;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.tracing.Tracing;
import java.time.InstantSource;

/**
 * A context that all instances of the API share, those of REST and of the event bus.
 *
 * @param identity this node's public key
 * @param rules how what chains demand of data is read
 * @param access what decides who calls
 * @param tls how REST is protected on its way
 * @param cluster this process's place in a cluster of event buses
 * @param tracing spans of what is asked
 */
public record ApiContext(
        NodeConfig config,
        Bytes identity,
        InstantSource clock,
        DataRules.Reader rules,
        Meters meters,
        SharedLimits limits,
        Access access,
        ServerTls tls,
        ClusterMembership cluster,
        Tracing tracing) {}
