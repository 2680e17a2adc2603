package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A form of operations that a participant may have made on request: the type, and the members of the payload. Finality
 * votes and evidence have none: a node makes them by itself, and a wrong one costs the key its place.
 *
 * @param members in the order in which a payload has them
 */
public record OperationForm(String type, List<Member> members) {
    public OperationForm {
        members = List.copyOf(members);
    }

    /** What a member of a payload holds. */
    public enum Kind {
        KEY("a public key, 64 hexadecimal digits"),
        AMOUNT("a whole number from 1 to 2^53 - 1"),
        FLAG("true or false");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    /** One member of a payload. */
    public record Member(String name, Kind kind) {}

    /** What is wrong with a payload; nothing if the engine understands it. */
    public Optional<String> fault(Bytes payload) {
        Optional<Fields> fields = fields(payload);
        if (fields.isEmpty()) {
            return Optional.of("the data of " + type + " must be an object with "
                    + String.join(" and ", members.stream().map(Member::name).toList()) + " and nothing else");
        }
        return members.stream()
                .filter(member -> text(fields.get(), member).isEmpty())
                .findFirst()
                .map(member -> "the member " + member.name() + " of the data must be " + member.kind().description);
    }

    /** A payload without faults as the engine's own code would write it. */
    public Bytes payload(Bytes given) {
        Fields fields = fields(given).orElseThrow(() -> new IllegalArgumentException("a payload with faults"));
        return Bytes.utf8("{"
                + String.join(
                        ",",
                        members.stream()
                                .map(member -> "\"" + member.name() + "\":"
                                        + text(fields, member).orElseThrow())
                                .toList())
                + "}");
    }

    private Optional<Fields> fields(Bytes payload) {
        return Fields.of(payload, members.stream().map(Member::name).toArray(String[]::new));
    }

    private static Optional<String> text(Fields fields, Member member) {
        return switch (member.kind()) {
            case KEY -> fields.key(member.name()).map(key -> "\"" + key.hex() + "\"");
            case AMOUNT ->
                fields.number(member.name()).filter(amount -> amount > 0).map(String::valueOf);
            case FLAG -> fields.flag(member.name()).map(String::valueOf);
        };
    }
}
