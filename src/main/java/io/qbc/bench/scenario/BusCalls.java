package io.qbc.bench.scenario;

import java.util.List;

/**
 * What a process is to inject over the event bus of a cluster.
 *
 * @param cluster the cluster's name
 * @param port on which it is a member
 * @param members addresses of members, each HOST:PORT
 * @param chains names of the chains, which it injects into in turn
 * @param underWay messages without an answer, at most
 * @param seconds how long it is measured
 * @param size bytes of a message's data
 */
public record BusCalls(
        String cluster, int port, List<String> members, List<String> chains, int underWay, int seconds, int size) {
    public BusCalls {
        members = List.copyOf(members);
        chains = List.copyOf(chains);
    }

    /** As arguments of the process. */
    List<String> arguments() {
        return List.of(
                "--cluster", cluster,
                "--port", Integer.toString(port),
                "--members", String.join(",", members),
                "--chains", String.join(",", chains),
                "--connections", Integer.toString(underWay),
                "--seconds", Integer.toString(seconds),
                "--size", Integer.toString(size));
    }
}
