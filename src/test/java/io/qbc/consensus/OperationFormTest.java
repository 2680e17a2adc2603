package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.consensus.engine.OperationForm;
import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The operations that may be asked for. */
class OperationFormTest {
    private static final String KEY = "ab".repeat(32);

    @Test
    void everyFormTakesItsMembersInAnyOrderAndWritesThemInItsOwn() {
        List<OperationForm> forms = Engines.operations("dpos");
        assertThat(forms).hasSize(5);
        for (OperationForm form : forms) {
            List<String> members = form.members().stream()
                    .map(member -> "\"" + member.name() + "\":" + value(member.kind()))
                    .toList();
            List<String> turned = new ArrayList<>(members);
            Collections.reverse(turned);
            Bytes given = Bytes.utf8("{ " + String.join(" , ", turned) + " }");
            assertThat(form.fault(given)).as(form.type()).isEmpty();
            assertThat(form.payload(given).text())
                    .isEqualTo(members.stream().collect(Collectors.joining(",", "{", "}")));
        }
    }

    private static String value(OperationForm.Kind kind) {
        return switch (kind) {
            case KEY -> "\"" + KEY + "\"";
            case AMOUNT -> "9007199254740991";
            case FLAG -> "false";
        };
    }

    @Test
    void whatAnEngineWouldIgnoreIsAFaultThatNamesTheMember() {
        OperationForm vote = Engines.operations("poa").get(0);
        assertThat(fault(vote, "{\"signer\":\"" + KEY + "\"}")).contains("signer and add");
        assertThat(fault(vote, "{\"signer\":\"" + KEY + "\",\"add\":true,\"x\":1}"))
                .contains("nothing else");
        assertThat(fault(vote, "{\"signer\":\"" + KEY + "\",\"add\":1}")).contains("add", "true or false");
        assertThat(fault(vote, "{\"signer\":\"me\",\"add\":true}")).contains("signer", "64");
        assertThat(fault(vote, "[]")).contains("an object");
        OperationForm bond = Engines.operations("pos").get(0);
        for (String amount : List.of("0", "-1", "1.0", "9007199254740992", "\"1\"")) {
            assertThat(fault(bond, "{\"amount\":" + amount + "}")).contains("amount", "2^53");
        }
    }

    private static String fault(OperationForm form, String payload) {
        return form.fault(Bytes.utf8(payload)).orElse("");
    }

    @Test
    void finalityVotesAndEvidenceCannotBeAskedFor() {
        assertThat(Engines.NAMES)
                .allSatisfy(engine -> assertThat(Engines.operations(engine))
                        .extracting(OperationForm::type)
                        .doesNotContain("qbc.pos.vote", "qbc.evidence"));
    }
}
