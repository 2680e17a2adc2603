package io.qbc.projection.mapping;

import java.util.List;

/**
 * What a transaction changes in a mapped table.
 *
 * @param table the table's place in the mapping
 * @param n which of the transaction's rows in this table it is, from 0 on
 * @param key the row's key; empty in a table that rows are added to
 * @param delete whether the row of this key goes
 * @param values one a column, as {@link ColumnReader} gives them, with null for nothing; none if the row goes
 */
public record RowChange(int table, int n, String key, boolean delete, List<Object> values) {}
