package io.qbc.gates;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages import what the design lets them; each rule is shown to fail on planted classes that break it. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.qbc");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("io.qbc.planted");
    private static final ImportRules PLANTED_RULES = new ImportRules("io.qbc.planted");

    static Stream<ArchRule> rules() {
        return new ImportRules("io.qbc").all().stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProductHoldsTheRule(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }

    @Test
    void theProductIsThere() {
        assertThat(PRODUCT.contain("io.qbc.Main")).isTrue();
        assertThat(PRODUCT.contain("io.qbc.gates.ArchitectureTest")).isFalse();
    }

    @Test
    @DisplayName("an edge between stages, against the direction, into the root, or of an unknown package is found")
    void edges() {
        assertBroken(
                PLANTED_RULES.edges(),
                "http.UsesMining",
                "model.UsesLedger",
                "config.UsesBus",
                "mining.UsesRoot",
                "strange.UsesModel");
        assertThat(report(PLANTED_RULES.edges())).doesNotContain("<io.qbc.planted.bus.UsesLedger.answer()> calls");
    }

    @Test
    void cyclesAreFound() {
        assertBroken(PLANTED_RULES.noCycles(), "Cycle detected", "Slice gossip.peers", "Slice model");
    }

    @Test
    void aPackageThatIsPublicForOthersAloneIsFound() {
        assertBroken(PLANTED_RULES.neighbours(), "projection.Twin.answer");
        assertThat(report(PLANTED_RULES.neighbours())).doesNotContain("gossip.UsesInner.answer");
    }

    @Test
    void aNameThatStandsTwiceIsFound() {
        assertBroken(
                PLANTED_RULES.namesOnce(), "Twin stands in io.qbc.planted.gossip.chains and io.qbc.planted.projection");
    }

    @Test
    void whatIsNotPlainJavaInTheCoreIsFound() {
        assertBroken(
                PLANTED_RULES.corePlain(),
                "io.vertx.core.Future",
                "java.nio.file.Path",
                "java.lang.Thread",
                "java.util.concurrent.ConcurrentHashMap",
                "java.security.SecureRandom",
                "ledger.UsesCurves");
    }

    @Test
    void clocksAndHashOrderInTheCoreAreFound() {
        assertBroken(
                PLANTED_RULES.coreSteady(),
                "System.currentTimeMillis",
                "Instant.now",
                "UUID.randomUUID",
                "java.util.Map.forEach");
    }

    @Test
    void whoReadsObjectsInJavasOwnFormIsFound() {
        assertBroken(PLANTED_RULES.noSerialization(), "http.ReadsObjects", "java.io.ObjectInputStream");
    }

    @Test
    void theStoreOutsidePersistenceIsFound() {
        assertBroken(PLANTED_RULES.only("org.rocksdb..", "persistence.store"), "http.UsesStore");
        assertThat(report(PLANTED_RULES.only("org.rocksdb..", "persistence.store")))
                .doesNotContain("persistence.store.MayUse");
    }

    private static void assertBroken(ArchRule rule, String... parts) {
        assertThat(rule.evaluate(PLANTED).hasViolation()).isTrue();
        assertThat(report(rule)).contains(parts);
    }

    private static String report(ArchRule rule) {
        return rule.evaluate(PLANTED).getFailureReport().toString();
    }
}
