package io.qbc.projection.sql;

import io.qbc.projection.mapping.ColumnType;
import java.sql.Connection;

/** What the two databases spell differently. */
public enum Dialect {
    H2 {
        @Override
        public String type(ColumnType type) {
            return switch (type) {
                case TEXT -> "CHARACTER VARYING";
                case BIGINT -> "BIGINT";
                case NUMERIC -> "DECFLOAT(2100)";
                case BOOLEAN -> "BOOLEAN";
                case TIMESTAMPTZ -> "TIMESTAMP(6) WITH TIME ZONE";
                case JSON, JSONB -> "JSON";
                case BYTEA -> "BINARY VARYING";
            };
        }

        @Override
        public String parameter(ColumnType type) {
            return "?";
        }

        @Override
        public String keyType() {
            return "CHARACTER VARYING(4000)";
        }
    },
    POSTGRESQL {
        @Override
        public String type(ColumnType type) {
            return type.label();
        }

        @Override
        public String parameter(ColumnType type) {
            return type == ColumnType.JSON || type == ColumnType.JSONB ? "?::" + type.label() : "?";
        }

        @Override
        public String keyType() {
            return "text COLLATE \"C\"";
        }
    };

    /** The name of a column's type. */
    public abstract String type(ColumnType type);

    /** The place of a column's value in a statement. */
    public abstract String parameter(ColumnType type);

    /** The type of the column {@code _key}. */
    public abstract String keyType();

    /** The isolation, as JDBC has it, in which all that a transaction reads is of one state. */
    public int snapshot() {
        return this == H2 ? Connection.TRANSACTION_SERIALIZABLE : Connection.TRANSACTION_REPEATABLE_READ;
    }

    /** An identifier of a mapping, which has no quotes in it, in quotes. */
    public static String quoted(String name) {
        if (name.indexOf('"') >= 0) {
            throw new IllegalArgumentException("a name in a mapping has no quotes");
        }
        return '"' + name + '"';
    }
}
