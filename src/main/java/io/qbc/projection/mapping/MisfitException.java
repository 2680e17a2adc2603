package io.qbc.projection.mapping;

/** A transaction that does not fit a table. */
public final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final String pointer;

    MisfitException(String table, String pointer, String reason) {
        super(reason, null, false, false);
        this.table = table;
        this.pointer = pointer;
    }

    public String table() {
        return table;
    }

    /** Where in the payload. */
    public String pointer() {
        return pointer;
    }
}
