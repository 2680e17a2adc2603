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
     * @param reader the role of PostgreSQL in which the node reads rows and queries; without it the user's own
     */
    record Postgresql(
            String url,
            String user,
            Optional<String> passwordFile,
            Optional<String> passwordVariable,
            Optional<String> reader)
            implements Target {
        private static final int PORT = 5432;

        /** The server's name or address, as the mapping writes it. */
        public String host() {
            String place = place();
            int port = place.lastIndexOf(':');
            return port > place.lastIndexOf(']') ? place.substring(0, port) : place;
        }

        /** The server's port. */
        public String port() {
            String place = place();
            return place.equals(host()) ? String.valueOf(PORT) : place.substring(host().length() + 1);
        }

        private String place() {
            String rest = url.substring(url.indexOf("//") + 2);
            return rest.substring(0, rest.indexOf('/'));
        }

        @Override
        public String kind() {
            return "postgresql";
        }
    }
}
