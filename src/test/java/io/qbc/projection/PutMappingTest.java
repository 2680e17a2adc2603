package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.config.NodeConfig;
import io.qbc.projection.Databases.Kind;
import io.qbc.projection.ScriptedChain.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mapping that is put holds, whatever it changes and whatever goes on meanwhile. */
class PutMappingTest {
    private static final int MISFIT = 30;
    private static final int QUANTS = 12;

    @RegisterExtension
    private static final Databases DATABASES = new Databases();

    @TempDir
    Path directory;

    private final SharedChain chain = new SharedChain();
    private Optional<ProjectionFixture> opened = Optional.empty();

    @AfterEach
    void close() {
        opened.ifPresent(ProjectionFixture::close);
    }

    private static String mapping(String onError, int depth) {
        return "{\"chain\":\"orders\",\"depth\":" + depth + ",\"onError\":\"" + onError
                + "\",\"tables\":[{\"table\":\"item\",\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\"}}}]}";
    }

    /** Five transactions a quant, one of which does not fit. */
    private ProjectionFixture node(Kind kind, String name) {
        for (int quant = 0; quant < QUANTS; quant++) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                entries.add(new Entry("any", chain.size() + i == MISFIT ? "{\"n\":\"none\"}" : "{\"n\":1}"));
            }
            chain.quant(entries);
        }
        ProjectionFixture made = new ProjectionFixture(
                directory, NodeConfig.Projections.USUAL, chain, definition -> DATABASES.open(kind, directory, name));
        opened = Optional.of(made);
        return made;
    }

    private static ProjectionState stopped(ProjectionFixture node, String name) {
        ProjectionState state = node.awaitState(name, now -> now.status() == ProjectionStatus.STOPPED);
        assertThat(state.error().orElseThrow().leaf()).isEqualTo(OptionalLong.of(MISFIT));
        return state;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoLongerKeptAsideStopsTheTables(Kind kind) {
        String name = "to_stop";
        ProjectionFixture node = node(kind, name);
        node.put(name, mapping("dead", 0));
        node.awaitState(name, state -> state.leaf() == chain.size() && state.dead() == 1);
        node.steer(name, ProjectionAction.REBUILD);
        node.put(name, mapping("stop", 0));
        ProjectionState state = stopped(node, name);
        // The tables that there are stay readable, and up to date, beside those that are stopped.
        assertThat(state.leaf()).isEqualTo(chain.size());
        chain.quant(List.of(new Entry("any", "{\"n\":2}")));
        node.steer(name, ProjectionAction.RESUME);
        state = node.awaitState(name, now -> now.leaf() == chain.size());
        assertThat(state.status()).isEqualTo(ProjectionStatus.STOPPED);
        assertThat(rows(node, name)).isEqualTo(chain.size() - 1);

        node.put(name, mapping("dead", 0));
        state = node.awaitState(name, now -> now.status() == ProjectionStatus.FOLLOWING && now.leaf() == chain.size());
        assertThat(state.dead()).isEqualTo(1);
        assertThat(state.error()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatStoppedTheTablesIsKeptAsideFromNowOn(Kind kind) {
        String name = "to_dead";
        ProjectionFixture node = node(kind, name);
        node.put(name, mapping("stop", 0));
        assertThat(stopped(node, name).leaf()).isEqualTo(MISFIT);
        node.put(name, mapping("dead", 0));
        ProjectionState state =
                node.awaitState(name, now -> now.status() == ProjectionStatus.FOLLOWING && now.leaf() == chain.size());
        node.awaitState(name, now -> now.dead() == 1);
        assertThat(state.error()).isEmpty();
        assertThat(rows(node, name)).isEqualTo(chain.size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void anotherDepthHoldsAtOnce(Kind kind) {
        String name = "depths";
        ProjectionFixture node = node(kind, name);
        node.put(name, mapping("dead", 4));
        node.awaitState(name, state -> state.leaf() == chain.size() - 20);
        node.put(name, mapping("dead", 1));
        ProjectionState state = node.awaitState(name, now -> now.leaf() == chain.size() - 5);
        assertThat(state.rebuild()).isEmpty();
        assertThat(rows(node, name)).isEqualTo(chain.size() - 6);
    }

    /** Though it was opened anew. */
    @ParameterizedTest
    @EnumSource
    void aPausedProjectionSaysHowFarItIs(Kind kind) {
        String name = "paused";
        ProjectionFixture node = node(kind, name);
        node.put(name, mapping("dead", 0));
        node.awaitState(name, state -> state.leaf() == chain.size());
        node.steer(name, ProjectionAction.PAUSE);
        node.put(name, mapping("dead", 1));
        ProjectionState state = node.awaitState(name, now -> now.status() == ProjectionStatus.PAUSED);
        assertThat(state.leaf()).isEqualTo(chain.size());
    }

    private static int rows(ProjectionFixture node, String name) {
        Rows rows = node.ask(
                Catalogue.FIND_ROWS,
                new FindRows(name, "item", Map.of(), "", false, "", 1000, Optional.empty(), Duration.ZERO));
        return rows.rows().size();
    }
}
