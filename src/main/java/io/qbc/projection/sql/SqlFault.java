package io.qbc.projection.sql;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What is at fault when a database refuses a statement. */
public final class SqlFault {
    /** States of SQL that say that the values are at fault, and not the database: data, constraints, limits. */
    private static final Set<String> VALUE_FAULTS = Set.of("22", "23", "54");

    /** The state of SQL of a connection that is no longer there. */
    private static final String CONNECTION_FAULT = "08";

    private SqlFault() {}

    static boolean isOfConnection(SQLException cause) {
        return Optional.ofNullable(cause.getSQLState())
                .filter(state -> state.startsWith(CONNECTION_FAULT))
                .isPresent();
    }

    public static boolean isOfValues(SQLException cause) {
        return Optional.ofNullable(cause.getSQLState())
                .filter(state -> state.length() == 5 && VALUE_FAULTS.contains(state.substring(0, 2)))
                .isPresent();
    }
}
