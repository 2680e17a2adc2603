package io.qbc.config;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;

/** A chain spec is not acceptable; the refusal names the JSON pointer (RFC 6901) of what is wrong. */
public final class SpecException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final String problem;

    SpecException(String source, String pointer, String problem) {
        super(source + ": " + (pointer.isEmpty() ? "the spec" : pointer) + " " + problem);
        this.pointer = pointer;
        this.problem = problem;
    }

    /** What is wrong, for the one who sent the spec. */
    public Refusal refusal() {
        String where = pointer.isEmpty() ? "the spec" : pointer;
        return new Refusal(Reason.CHAIN_SPEC_INVALID, where + " " + problem, List.of(pointer));
    }
}
