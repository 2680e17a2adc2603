package io.qbc.projection.mapping;

import java.util.Optional;

/** Where the tables are. */
public sealed interface Target {
    /** The name in a mapping. */
    String kind();

    /** An H2 database in the node's data directory. */
    record Embedded() implements Target {
        @Override
        public String kind() {
            return "embedded";
        }
    }

    /**
     * A PostgreSQL server.
     *
     * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE[?sslmode=MODE]}
     * @param passwordFile a file name in the directory of secrets that the node's configuration names
     * @param passwordVariable an environment variable of the node, {@code PROJECTION_...}
     */
    record Postgresql(String url, String user, Optional<String> passwordFile, Optional<String> passwordVariable)
            implements Target {
        @Override
        public String kind() {
            return "postgresql";
        }
    }
}
