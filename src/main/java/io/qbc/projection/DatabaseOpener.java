package io.qbc.projection;

import io.qbc.projection.sql.TableDatabase;
import java.sql.SQLException;

/** Opens the database of a projection; blocks. */
@FunctionalInterface
interface DatabaseOpener {
    TableDatabase open(Definition definition) throws SQLException;
}
