package io.qbc.projection.sql;

import io.qbc.projection.mapping.Mapping;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a projection while they are read.
 *
 * @param connection of a user that may only read these tables, its default schema theirs; in a transaction, at one
 *     state
 * @param dialect how the database spells what differs
 * @param leaf how many transactions of the chain that state has
 */
public record TablesView(Connection connection, Dialect dialect, Mapping mapping, List<TableShape> tables, long leaf) {
    public TablesView {
        tables = List.copyOf(tables);
    }

    public Optional<TableShape> table(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}
