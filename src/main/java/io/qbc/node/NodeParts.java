package io.qbc.node;

import io.qbc.api.ClusterMembership;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signer;
import java.util.List;

/**
 * What the stages of a node are made from.
 *
 * @param advertised the base address at which peers reach this node
 * @param cluster which it leaves when it stops
 */
record NodeParts(
        NodeConfig config,
        List<ChainSpec> chains,
        Signer signer,
        String advertised,
        Machine machine,
        ClusterMembership cluster) {
    NodeParts {
        chains = List.copyOf(chains);
    }

    /** With this default chain, and the audit trail if the node keeps one. */
    static NodeParts of(NodeConfig config, ChainSpec chain, Signer signer, Machine machine, ClusterMembership cluster) {
        List<ChainSpec> chains = DefaultChain.andTrail(chain, config, signer.key());
        return new NodeParts(config, chains, signer, Addresses.advertised(config), machine, cluster);
    }

    /** On this machine as it is, in no cluster of its own. */
    NodeParts(NodeConfig config, List<ChainSpec> chains, Signer signer, String advertised) {
        this(config, chains, signer, advertised, Machine.REAL, ClusterMembership.NONE);
    }
}
