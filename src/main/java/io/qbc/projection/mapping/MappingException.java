package io.qbc.projection.mapping;

/** A mapping that is not acceptable, with a JSON pointer to what is wrong. */
public final class MappingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    MappingException(String pointer, String problem) {
        super(problem);
        this.pointer = pointer;
    }

    /** Where in the mapping, as RFC 6901 has it. */
    public String pointer() {
        return pointer;
    }
}
