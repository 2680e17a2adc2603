package io.qbc.spec;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** A chain spec is not acceptable; the refusal names the JSON pointers (RFC 6901) of all that is wrong. */
public final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    SpecException(String source, List<Fault> faults) {
        super(source + ": " + text(faults));
        this.faults = List.copyOf(faults);
    }

    /** One thing that is wrong, and where. */
    record Fault(String pointer, String problem) {}

    /** What is wrong, for the one who sent the spec. */
    public Refusal refusal() {
        return new Refusal(
                Reason.CHAIN_SPEC_INVALID,
                text(faults),
                faults.stream().map(Fault::pointer).toList());
    }

    private static String text(List<Fault> faults) {
        return faults.stream()
                .map(fault -> (fault.pointer().isEmpty() ? "the spec" : fault.pointer()) + " " + fault.problem())
                .collect(Collectors.joining("; "));
    }
}
