package io.qbc.front;

import io.qbc.eventbus.cluster.ClusterMember;
import io.qbc.eventbus.cluster.Whereabouts;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The nodes of the cluster that serve, and those of them that keep a chain, as the cluster knows them now. */
interface NodeRoster {
    /** All nodes that serve, in a fixed order. */
    Future<List<ServingNode>> all();

    /** Those that keep the chain of this name or id. */
    Future<List<ServingNode>> keeping(String chain);

    /** By whom the addresses of the event bus are answered: a node leaves them before it stops. */
    static NodeRoster of(ClusterMember member) {
        return new NodeRoster() {
            @Override
            public Future<List<ServingNode>> all() {
                return member.serving(Optional.empty()).map(NodeRoster::targets);
            }

            @Override
            public Future<List<ServingNode>> keeping(String chain) {
                return member.serving(Optional.of(chain)).map(NodeRoster::targets);
            }
        };
    }

    private static List<ServingNode> targets(List<Whereabouts> nodes) {
        return nodes.stream()
                .map(node -> new ServingNode(node.id(), node.key(), node.api()))
                .sorted()
                .toList();
    }
}
