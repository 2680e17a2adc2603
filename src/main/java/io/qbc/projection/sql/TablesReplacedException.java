package io.qbc.projection.sql;

import java.sql.SQLException;

/** Others took the place of tables while they were read. */
public final class TablesReplacedException extends SQLException {
    private static final long serialVersionUID = 1L;

    TablesReplacedException() {
        super("the tables were replaced while they were read; ask again");
    }
}
