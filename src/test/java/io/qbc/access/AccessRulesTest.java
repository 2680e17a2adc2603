package io.qbc.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.access.Operation.Audience;
import io.qbc.access.Operation.Reach;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
    /** The chain orders has the id 0a, and there is another one called hidden. */
    private static final SameChain SAME =
            (one, other) -> List.of("orders", "0a").containsAll(List.of(one, other)) || one.equals(other);

    private static final Operation READ = operation(Role.READER, Reach.CHAIN);

    private static Operation operation(Role role, Reach reach) {
        return new Operation("x", Audience.CALLERS, role, reach);
    }

    private static Caller caller(String... grants) {
        List<Grant> all = List.of(grants).stream()
                .map(text -> Grant.parse(text).orElseThrow())
                .toList();
        return new Caller("1", "test", all, "test", Proof.KEY);
    }

    private static Optional<Reason> reason(Caller caller, Operation operation, String... chains) {
        return AccessRules.refusal(caller, operation, List.of(chains), SAME).map(Refusal::reason);
    }

    @ParameterizedTest
    @CsvSource({
        "reader, reader",
        "writer, writer",
        "sealer, sealer",
        "eraser, eraser",
        "auditor, reader+auditor",
        "admin, reader+writer+sealer+eraser+auditor+admin"
    })
    void aRoleMayWhatItsRowSays(String has, String may) {
        for (Role wanted : Role.values()) {
            for (String grant : List.of(has, has + "@orders")) {
                boolean permitted = List.of(may.split("\\+", -1)).contains(wanted.word());
                assertThat(reason(caller(grant), operation(wanted, Reach.CHAIN), "orders"))
                        .as(grant + " " + wanted)
                        .isEqualTo(permitted ? Optional.empty() : Optional.of(Reason.ROLE_MISSING));
            }
        }
    }

    @Test
    void theAuditTrailIsForAuditors() {
        SameChain same = (one, other) -> List.of("audit", "0b").containsAll(List.of(one, other)) || one.equals(other);
        for (String asked : List.of("audit", "0b", "audit@3")) {
            List<String> chains = List.of(asked);
            for (String grant : List.of("auditor", "admin", "auditor@audit", "auditor@0b")) {
                assertThat(AccessRules.refusal(caller(grant), READ, chains, same))
                        .as(grant)
                        .isEmpty();
            }
            assertThat(AccessRules.refusal(caller("reader"), READ, chains, same).map(Refusal::detail))
                    .hasValueSatisfying(detail -> assertThat(detail).contains("the role auditor for the chain"));
            assertThat(reason(caller("reader@orders"), READ, asked)).contains(Reason.CHAIN_UNKNOWN);
        }
        Operation pair = operation(Role.READER, Reach.PAIR);
        assertThat(AccessRules.refusal(caller("reader"), pair, List.of("orders", "audit"), same))
                .isPresent();
        assertThat(AccessRules.mayRead(caller("reader"), "audit", same)).isFalse();
        assertThat(AccessRules.mayRead(caller("reader"), "orders", same)).isTrue();
        assertThat(AccessRules.mayRead(caller("auditor"), "0b", same)).isTrue();
        assertThat(AccessRules.passes(caller("reader"), READ)).isFalse();
        assertThat(AccessRules.passes(caller("auditor"), READ)).isTrue();
    }

    @Test
    void whoNamesNoChainIsToldSoByWhoeverNeedsIt() {
        assertThat(reason(caller("reader"), READ)).isEmpty();
        assertThat(reason(caller("reader@orders"), READ)).contains(Reason.ROLE_MISSING);
    }

    @Test
    void aRoleForOneChainHoldsForAllItsNamesAndForNothingElse() {
        for (String grant : List.of("reader@orders", "reader@0a")) {
            for (String asked : List.of("orders", "0a", "orders@7", "0a@7")) {
                assertThat(reason(caller(grant), READ, asked))
                        .as(grant + " " + asked)
                        .isEmpty();
            }
            assertThat(reason(caller(grant), operation(Role.READER, Reach.NODE)))
                    .contains(Reason.ROLE_MISSING);
            assertThat(reason(caller(grant), operation(Role.READER, Reach.LISTED)))
                    .isEmpty();
        }
        assertThat(reason(caller("writer@orders"), operation(Role.READER, Reach.LISTED)))
                .contains(Reason.ROLE_MISSING);
    }

    @Test
    void whoHasNoRoleAtAChainCannotTellWhetherItExists() {
        Caller stranger = caller("admin@other");
        for (Role role : Role.values()) {
            Optional<Refusal> there =
                    AccessRules.refusal(stranger, operation(role, Reach.CHAIN), List.of("hidden"), SAME);
            Optional<Refusal> nowhere =
                    AccessRules.refusal(stranger, operation(role, Reach.CHAIN), List.of("absent"), SAME);
            assertThat(there).isPresent();
            assertThat(there.get().reason()).isEqualTo(Reason.CHAIN_UNKNOWN);
            assertThat(there.get().detail().replace("hidden", "absent"))
                    .isEqualTo(nowhere.orElseThrow().detail());
        }
        assertThat(reason(caller("reader@orders"), operation(Role.READER, Reach.PAIR), "orders", "hidden"))
                .contains(Reason.CHAIN_UNKNOWN);
    }

    @Test
    void theRefusalNamesTheRoleThatIsMissing() {
        Refusal refusal = AccessRules.refusal(
                        caller("reader@orders"), operation(Role.SEALER, Reach.CHAIN), List.of("orders"), SAME)
                .orElseThrow();
        assertThat(refusal.detail()).isEqualTo("this needs the role sealer for the chain orders");
    }

    @Test
    void withoutACredentialOnlyWhatIsForAnyoneIsDone() {
        assertThat(reason(Caller.NOBODY, READ, "orders")).contains(Reason.CREDENTIAL_REQUIRED);
        assertThat(reason(Caller.NOBODY, Operation.NOTHING)).contains(Reason.CREDENTIAL_REQUIRED);
        assertThat(reason(Caller.NOBODY, Operation.HEALTH)).isEmpty();
        assertThat(reason(caller("writer@orders"), Operation.NOTHING)).isEmpty();
    }

    @Test
    void whatIsInNoTableIsForAdmins() {
        assertThat(reason(caller("admin@orders"), Operation.UNLISTED, "orders")).contains(Reason.ROLE_MISSING);
        assertThat(reason(caller("reader", "writer", "sealer", "eraser", "auditor"), Operation.UNLISTED))
                .contains(Reason.ROLE_MISSING);
        assertThat(reason(caller("admin"), Operation.UNLISTED)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"king", "''", "reader@", "reader@A", "@orders", "reader@a@b", "READER", "reader@../x", "reader orders"})
    void whatIsNoGrantIsNotRead(String text) {
        assertThat(Grant.parse(text)).isEmpty();
    }
}
