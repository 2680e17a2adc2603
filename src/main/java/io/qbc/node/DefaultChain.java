package io.qbc.node;

import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.spec.AuditSpec;
import io.qbc.spec.ChainSpecReader;
import io.qbc.spec.SpecException;
import java.util.List;

/** The chain that a node has from its first start: the spec in the configured file, or the shipped one. */
public final class DefaultChain {
    private static final String SHIPPED = "conf/chain.json";

    private DefaultChain() {}

    /** The chains that a node has from its start on: this one, and its audit trail if it keeps one. */
    static List<ChainSpec> andTrail(ChainSpec chain, NodeConfig config, Bytes self) {
        return config.access().audit() ? List.of(chain, AuditSpec.of(self)) : List.of(chain);
    }

    /**
     * Reads its spec. Its genesis time, where the file has none, is 1970 and not now: the file is read at every start
     * and must be the same chain each time. Blocks.
     *
     * @param self this node's public key, the one participant of a chain that lists none and needs some
     * @throws ConfigException if the file cannot be read or is no acceptable spec
     */
    public static ChainSpec read(NodeConfig config, Bytes self) {
        boolean shipped = config.chain().isEmpty();
        String text = shipped
                ? ConfigReader.shipped(SHIPPED)
                : ConfigReader.text(ConfigReader.path("chain", config.chain(), "the configuration"));
        String source = shipped ? SHIPPED + " in the jar" : config.chain();
        try {
            return ChainSpecReader.read(Bytes.utf8(text), source, self, 0);
        } catch (SpecException e) {
            throw new ConfigException(e.getMessage());
        }
    }
}
