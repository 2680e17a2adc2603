package io.qbc.projection.query;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.projection.sql.Dialect;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a database's error: its message where the caller's query is to blame, otherwise the log has it. */
final class SqlFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SqlFailures.class);
    static final String CANCELLED = "57014";

    /** H2's errors about its files, memory, connections and users. */
    private static final Set<Integer> FAULTS_OF_H2 = Set.of(
            8000, 28000, 90007, 90013, 90020, 90024, 90025, 90027, 90028, 90030, 90031, 90046, 90048, 90049, 90062,
            90067, 90093, 90094, 90098, 90108, 90117, 90121, 90126, 90133, 90134, 90135, 90146);

    private static final int GENERAL_OF_H2 = 50000;
    private static final int DETAIL_CHARS_MAX = 500;

    private SqlFailures() {}

    static Failure of(SQLException cause, Dialect dialect) {
        if (isFault(cause, dialect)) {
            LOG.warn("the database of a projection failed at a query", cause);
            return new Failure(
                    Reason.TABLES_UNAVAILABLE,
                    "the database of these tables does not answer at present; the log says why");
        }
        if (dialect == Dialect.H2 && cause.getErrorCode() == GENERAL_OF_H2) {
            LOG.warn("the embedded database has a fault at a query", cause);
            return SqlLexer.invalid("the database cannot do that");
        }
        return SqlLexer.invalid(message(cause));
    }

    private static boolean isFault(SQLException cause, Dialect dialect) {
        if (dialect == Dialect.H2) {
            return FAULTS_OF_H2.contains(cause.getErrorCode());
        }
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        // Connections, authorisations, resources, an operator's doing, the system and itself.
        return state.isEmpty() || Set.of("08", "28", "53", "57", "58", "XX").contains(state.substring(0, 2));
    }

    /** Without the statement that H2 puts behind it. */
    private static String message(SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        int statement = message.indexOf("; SQL statement:");
        String alone = statement < 0 ? message : message.substring(0, statement);
        String line = alone.replaceAll("\\s*\\R\\s*", "; ");
        return line.length() > DETAIL_CHARS_MAX ? line.substring(0, DETAIL_CHARS_MAX) : line;
    }
}
