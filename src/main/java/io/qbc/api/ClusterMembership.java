package io.qbc.api;

import io.vertx.core.Future;

/** This process's place in a cluster of event buses, if it has one. */
public interface ClusterMembership {
    /** That of a process without a cluster, or in one that is not the node's to leave. */
    ClusterMembership NONE = new ClusterMembership() {
        @Override
        public int members() {
            return 0;
        }

        @Override
        public Future<Void> leaveAddresses() {
            return Future.succeededFuture();
        }
    };

    /** How many members the cluster has, this one among them; 0 without one. */
    int members();

    /** Complete when other members send nothing new to this one; what still comes is answered as before. */
    Future<Void> leaveAddresses();
}
