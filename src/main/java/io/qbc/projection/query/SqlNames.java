package io.qbc.projection.query;

import io.qbc.projection.sql.Dialect;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The names that a query may have before a bracket, in upper case. */
final class SqlNames {
    /** What is part of the language. */
    static final Set<String> BEFORE_BRACKETS = Set.of(
            "SELECT",
            "FROM",
            "WHERE",
            "IN",
            "EXISTS",
            "ANY",
            "ALL",
            "SOME",
            "VALUES",
            "ROW",
            "AS",
            "ON",
            "USING",
            "BY",
            "AND",
            "OR",
            "NOT",
            "WHEN",
            "THEN",
            "ELSE",
            "CASE",
            "HAVING",
            "OVER",
            "FILTER",
            "JOIN",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "DISTINCT",
            "BETWEEN",
            "IS",
            "LIMIT",
            "OFFSET",
            "WITHIN",
            "GROUP",
            "MATERIALIZED",
            "LATERAL",
            "SETS",
            "GROUPING");

    /** Functions whose answer is no longer than what they are given, in both databases. */
    static final Set<String> FUNCTIONS = Set.of(
            "COUNT",
            "SUM",
            "AVG",
            "MIN",
            "MAX",
            "STDDEV_POP",
            "STDDEV_SAMP",
            "VAR_POP",
            "VAR_SAMP",
            "EVERY",
            "ROW_NUMBER",
            "RANK",
            "DENSE_RANK",
            "PERCENT_RANK",
            "CUME_DIST",
            "NTILE",
            "LAG",
            "LEAD",
            "FIRST_VALUE",
            "LAST_VALUE",
            "NTH_VALUE",
            "PERCENTILE_CONT",
            "PERCENTILE_DISC",
            "MODE",
            "CAST",
            "COALESCE",
            "NULLIF",
            "GREATEST",
            "LEAST",
            "ABS",
            "CEIL",
            "CEILING",
            "FLOOR",
            "ROUND",
            "SIGN",
            "MOD",
            "SQRT",
            "POWER",
            "EXP",
            "LN",
            "LOG",
            "UPPER",
            "LOWER",
            "TRIM",
            "LTRIM",
            "RTRIM",
            "SUBSTRING",
            "LEFT",
            "RIGHT",
            "CHAR_LENGTH",
            "LENGTH",
            "OCTET_LENGTH",
            "CONCAT",
            "CONCAT_WS",
            "EXTRACT",
            "DATE_TRUNC");

    /** Functions that another process is the one to bear. */
    static final Set<String> POSTGRESQL_FUNCTIONS = Set.of(
            "REPLACE",
            "POSITION",
            "STRPOS",
            "SPLIT_PART",
            "REVERSE",
            "INITCAP",
            "TRANSLATE",
            "ENCODE",
            "TO_CHAR",
            "DATE_PART",
            "DATE_BIN",
            "AGE",
            "MAKE_DATE",
            "STRING_AGG",
            "ARRAY_AGG",
            "JSON_AGG",
            "JSONB_AGG",
            "BOOL_AND",
            "BOOL_OR",
            "CORR",
            "CARDINALITY",
            "JSONB_ARRAY_LENGTH",
            "JSON_ARRAY_LENGTH",
            "JSONB_TYPEOF",
            "JSON_TYPEOF",
            "JSONB_ARRAY_ELEMENTS",
            "JSONB_ARRAY_ELEMENTS_TEXT",
            "JSON_ARRAY_ELEMENTS",
            "JSONB_OBJECT_KEYS",
            "JSONB_EXTRACT_PATH",
            "JSONB_EXTRACT_PATH_TEXT",
            "GENERATE_SERIES",
            "WIDTH_BUCKET");

    /** Types that have a length. */
    static final Set<String> TYPES = Set.of(
            "CHAR",
            "CHARACTER",
            "VARCHAR",
            "VARYING",
            "NUMERIC",
            "DECIMAL",
            "DECFLOAT",
            "BINARY",
            "VARBINARY",
            "TIMESTAMP",
            "TIME",
            "FLOAT",
            "TIMESTAMPTZ");

    /** Types that without a length have a very long one. */
    static final Set<String> UNBOUNDED_TYPES = Set.of("NUMERIC", "DECIMAL", "DEC", "DECFLOAT");

    private SqlNames() {}

    /** The functions of a database, for people. */
    static String shown(Dialect dialect) {
        Set<String> all = new TreeSet<>(FUNCTIONS);
        if (dialect == Dialect.POSTGRESQL) {
            all.addAll(POSTGRESQL_FUNCTIONS);
        } else {
            all.add("REPLACE");
        }
        return String.join(", ", all).toLowerCase(Locale.ROOT);
    }
}
