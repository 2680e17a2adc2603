package io.qbc.projection;

import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.ChainSource.Next;
import io.qbc.projection.sql.ChainBatch;
import io.qbc.projection.sql.Findings;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TablesReplacedException;
import io.qbc.projection.sql.TablesVerifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One comparison of tables with their chain, on a thread of its own, beside the worker that keeps them. */
final class VerifyRun implements Runnable {
    /** How many swaps in a row a comparison begins anew after. */
    private static final int ATTEMPTS = 10;

    private final ChainSource source;
    private final TableDatabase database;
    private final String schema;
    private final NodeConfig.Projections limits;
    private final InstantSource clock;
    private final Consumer<VerifyState> told;
    private final long startedAt;
    private volatile boolean cancelled;

    /** One that tells how far it is. */
    VerifyRun(
            ChainSource source,
            TableDatabase database,
            String schema,
            NodeConfig.Projections limits,
            InstantSource clock,
            Consumer<VerifyState> told) {
        this.source = source;
        this.database = database;
        this.schema = schema;
        this.limits = limits;
        this.clock = clock;
        this.told = told;
        startedAt = clock.millis();
        tell(VerifyStep.RUNNING, 0, 0, new Findings(), Optional.empty());
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    public void run() {
        try {
            int attempt = 1;
            while (attempt < ATTEMPTS && !attempt()) {
                attempt++;
            }
            if (attempt == ATTEMPTS) {
                failed(Reason.TABLES_UNAVAILABLE.refusal("the tables are replaced all the time; ask again later"));
            }
        } catch (SQLException e) {
            failed(Reason.TABLES_UNAVAILABLE.refusal(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            failed(Failure.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(Reason.STOPPING.refusal("the node is stopping"));
        }
    }

    /** Compares the tables that are live now; false if others took their place before the end. */
    private boolean attempt() throws SQLException, InterruptedException {
        try (Connection connection = database.writer();
                TablesVerifier verifier = TablesVerifier.begin(database, connection, schema)) {
            try {
                compare(connection, verifier);
                return true;
            } catch (SQLException | RuntimeException e) {
                if (e instanceof TablesReplacedException || verifier.isReplaced()) {
                    connection.rollback();
                    return false;
                }
                throw e;
            }
        } catch (TablesReplacedException e) {
            return false;
        }
    }

    private void failed(Refusal refusal) {
        tell(VerifyStep.FAILED, 0, 0, new Findings(), Optional.of(refusal));
    }

    private void compare(Connection connection, TablesVerifier verifier) throws SQLException, InterruptedException {
        Position end = verifier.progress().position();
        Hash chain = verifier.progress().chain();
        Position at = Position.BEGINNING;
        while (at.leaf() < end.leaf() || at.height() < end.height()) {
            if (cancelled) {
                connection.rollback();
                tell(VerifyStep.CANCELLED, at.leaf(), end.leaf(), verifier.findings(), Optional.empty());
                return;
            }
            Horizon limit = new Horizon(end.height(), end.leaf(), 0);
            Next next = source.next(chain, at, limit, new Bounds(limits.batchTransactions(), limits.batchBytes()));
            ChainBatch part = next instanceof Next.Batch batch
                    ? upTo(batch.batch(), end.leaf())
                    : new ChainBatch(at, at, List.of(), List.of());
            if (part.isEmpty()) {
                throw new Failure(Reason.BUSY, "the chain was reorganised while it was compared; ask again");
            }
            verifier.compare(part);
            verifier.requireLive();
            at = part.to();
            tell(VerifyStep.RUNNING, at.leaf(), end.leaf(), verifier.findings(), Optional.empty());
        }
        if (!end.isBeginning() && !at.quant().equals(end.quant())) {
            throw new Failure(Reason.BUSY, "the chain was reorganised while it was compared; ask again");
        }
        verifier.finish();
        verifier.requireLive();
        tell(VerifyStep.DONE, at.leaf(), end.leaf(), verifier.findings(), Optional.empty());
    }

    private static ChainBatch upTo(ChainBatch part, long end) {
        for (int i = 0; i < part.leaves().size(); i++) {
            if (part.leaves().get(i).index() >= end) {
                return part.before(i);
            }
        }
        return part;
    }

    private void tell(VerifyStep step, long leaf, long leaves, Findings findings, Optional<Refusal> failure) {
        Optional<Long> finishedAt = step == VerifyStep.RUNNING ? Optional.empty() : Optional.of(clock.millis());
        told.accept(new VerifyState(
                step,
                leaf,
                leaves,
                startedAt,
                finishedAt,
                findings.changed(),
                findings.added(),
                findings.removed(),
                findings.named(),
                failure));
    }
}
