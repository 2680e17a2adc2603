package io.qbc.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Position;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.projection.Projector.Step;
import io.qbc.projection.ScriptedChain.Entry;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.EmbeddedDatabase;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of a chain behind a batch is read while the batch is written, where it is final. */
class ReadAheadTest {
    private static final int BATCHES = 3;

    @TempDir
    Path directory;

    /** Counts what is read when it is wanted, and what before. */
    private static final class Counted implements ChainSource {
        private final ScriptedChain chain;
        private int wanted;
        private int ahead;

        Counted(ScriptedChain chain) {
            this.chain = chain;
        }

        @Override
        public Optional<Hash> chain(String name) {
            return chain.chain(name);
        }

        @Override
        public Horizon horizon(Hash id, Extent extent) {
            return chain.horizon(id, extent);
        }

        @Override
        public Next next(Hash id, Position from, Horizon limit, Bounds bounds) {
            wanted++;
            return chain.next(id, from, limit, bounds);
        }

        @Override
        public Pending begin(Hash id, Position from, Horizon limit, Bounds bounds) {
            ahead++;
            Next read = chain.next(id, from, limit, bounds);
            return () -> read;
        }
    }

    private Counted followed(String from, boolean grow) throws Exception {
        ScriptedChain chain = new ScriptedChain();
        int batch = NodeConfig.Projections.USUAL.batchTransactions();
        for (int i = 0; i < BATCHES; i++) {
            chain.quant(Collections.nCopies(batch, new Entry("any", "{}")));
        }
        Counted source = new Counted(chain);
        Mapping mapping = Mapping.read("ahead", Bytes.utf8("{\"chain\":\"orders\"," + from + ",\"tables\":[]}"));
        try (TableDatabase database =
                        new EmbeddedDatabase(directory.resolve("ahead"), "ahead", NodeConfig.Projections.USUAL);
                Connection connection = database.writer()) {
            TableSet set = TableSets.load(database, connection, "ahead")
                    .create(connection, mapping, ScriptedChain.ID, Instant.EPOCH);
            Projector projector = new Projector(source, NodeConfig.Projections.USUAL);
            boolean grown = !grow;
            Step step;
            do {
                step = projector.step(connection, set, ScriptedChain.ID);
                if (!grown) {
                    chain.quant(List.of(new Entry("late", "{}")));
                    grown = true;
                }
            } while (((Step.Moved) step).more());
            assertThat(set.progress().position().leaf()).isEqualTo(chain.size());
        }
        return source;
    }

    @Test
    void whatIsFinalIsReadAhead() throws Exception {
        Counted source = followed("\"depth\":0", false);
        assertThat(source.wanted).isEqualTo(1);
        assertThat(source.ahead).isEqualTo(BATCHES - 1);
    }

    @Test
    void whatCameMeanwhileIsNotLeftUntilLater() throws Exception {
        assertThat(followed("\"depth\":0", true).ahead).isPositive();
    }

    @Test
    void whatMayBeUndoneIsReadWhenItIsWanted() throws Exception {
        Counted source = followed("\"from\":\"head\"", false);
        assertThat(source.ahead).isZero();
        assertThat(source.wanted).isGreaterThanOrEqualTo(BATCHES);
    }
}
