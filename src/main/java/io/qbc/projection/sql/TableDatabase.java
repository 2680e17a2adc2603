package io.qbc.projection.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** A database that has tables of one projection; blocks. */
public interface TableDatabase extends AutoCloseable {
    Dialect dialect();

    /** Who reads the tables at present. */
    ReadLeases leases();

    /** A connection that may change the tables, without auto-commit. */
    Connection writer() throws SQLException;

    /** A connection that may only read them, of a bounded number, in a transaction at one state. */
    Connection reader() throws SQLException;

    /**
     * Makes sure that no other node changes the tables as long as the connection lives; false if another one does.
     */
    boolean lock(Connection writer) throws SQLException;

    /** Lets the readers of a schema read it, where they are another user. */
    void grant(Connection writer, String schema) throws SQLException;

    @Override
    void close();
}
