package io.qbc.persistence;

import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Banged;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Drop;
import io.qbc.bus.Catalogue.FindChains;
import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.store.RocksStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are this node's own, and ids are everybody's. */
class ForeignChainsTest {
    private static final ChainSpec MAIN = Samples.pow("main");
    private static final ChainSpec OWN = Samples.pow("orders");
    private static final ChainSpec FOREIGN = Samples.dbc("orders");

    @TempDir
    Path data;

    private static Map<Hash, String> names(StoreFixture fixture) {
        Map<Hash, String> names = new TreeMap<>();
        for (Chain chain : fixture.ask(FIND_CHAINS, new FindChains()).chains()) {
            names.put(chain.id(), chain.name());
        }
        return names;
    }

    @Test
    void aForeignChainGivesItsNameToOneThatSomebodyHereMakes() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            fixture.ask(BANG, Bang.foreign(FOREIGN));
            assertThat(names(fixture)).containsEntry(FOREIGN.id(), "orders");
            Banged made = fixture.bang(OWN);
            assertThat(made.created()).isTrue();
            assertThat(made.chain().name()).isEqualTo("orders");
            assertThat(names(fixture)).containsEntry(FOREIGN.id(), FOREIGN.id().hex());
        }
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            assertThat(names(fixture))
                    .containsEntry(OWN.id(), "orders")
                    .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
            fixture.ask(DROP, new Drop(OWN.id()));
            // Whoever writes to orders does not write to a foreign chain from now on.
            assertThat(names(fixture)).containsEntry(FOREIGN.id(), FOREIGN.id().hex());
            // Unless somebody here says that this is what is meant.
            assertThat(fixture.bang(FOREIGN).chain().name()).isEqualTo("orders");
            assertThat(fixture.notMade(OWN)).isEqualTo(Reason.CHAIN_NAME_TAKEN);
        }
    }

    @Test
    void whoMakesAForeignChainWhoseNameIsTakenHasItUnderItsIdAlsoAfterARestart() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            fixture.ask(BANG, Bang.foreign(FOREIGN));
            fixture.bang(OWN);
            assertThat(fixture.bang(FOREIGN).chain().name())
                    .isEqualTo(FOREIGN.id().hex());
        }
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            assertThat(names(fixture))
                    .containsEntry(OWN.id(), "orders")
                    .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
        }
    }

    @Test
    void aForeignChainGivesItsNameToAnotherForeignOneThatIsConfigured() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            fixture.ask(BANG, Bang.foreign(FOREIGN));
            fixture.ask(BANG, Bang.foreign(OWN));
        }
        for (int start = 0; start < 2; start++) {
            try (StoreFixture fixture = StoreFixture.start(data, MAIN, OWN)) {
                assertThat(names(fixture))
                        .containsEntry(OWN.id(), "orders")
                        .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
            }
        }
    }

    @Test
    void aForeignChainWhoseNameIsTakenIsCalledByItsId() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN, OWN)) {
            assertThat(fixture.ask(BANG, Bang.foreign(FOREIGN)).created()).isTrue();
            assertThat(names(fixture))
                    .containsEntry(OWN.id(), "orders")
                    .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
        }
        try (StoreFixture fixture = StoreFixture.start(data, MAIN, OWN)) {
            assertThat(names(fixture))
                    .containsEntry(OWN.id(), "orders")
                    .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
        }
    }

    @Test
    void aConfiguredChainTakesItsNameFromAForeignOneAtTheStart() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN)) {
            fixture.ask(BANG, Bang.foreign(FOREIGN));
        }
        try (StoreFixture fixture = StoreFixture.start(data, MAIN, OWN)) {
            assertThat(names(fixture))
                    .containsEntry(OWN.id(), "orders")
                    .containsEntry(FOREIGN.id(), FOREIGN.id().hex());
        }
    }

    @Test
    void twoOwnChainsOfOneNameAreRefusedAsBefore() {
        try (StoreFixture fixture = StoreFixture.start(data, MAIN, OWN)) {
            assertThat(fixture.notMade(FOREIGN)).isEqualTo(Reason.CHAIN_NAME_TAKEN);
        }
    }

    @Test
    void noMoreChainsAreMadeThanThereMayBe() {
        NodeConfig base = Samples.config(data, 0);
        NodeConfig config = Samples.with(base, new NodeConfig.Chains(Choice.ALL, List.of(), 2));
        try (StoreFixture fixture = StoreFixture.start(config, path -> RocksStore.open(path, config.store()), MAIN)) {
            assertThat(fixture.bang(OWN).created()).isTrue();
            assertThat(fixture.bang(OWN).created()).isFalse();
            assertThat(fixture.notMade(Samples.pow("third"))).isEqualTo(Reason.CHAINS_FULL);
            fixture.ask(DROP, new Drop(OWN.id()));
            assertThat(fixture.bang(Samples.pow("third")).created()).isTrue();
        }
    }
}
