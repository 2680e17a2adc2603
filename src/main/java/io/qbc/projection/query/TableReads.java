package io.qbc.projection.query;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.projection.sql.ProjectionTables;
import io.vertx.core.Future;

/** Serves what is asked of the rows of tables. */
public final class TableReads implements AutoCloseable {
    private final ProjectionTables tables;
    private final QueryWatch watch = new QueryWatch();
    private final GuardedReader reader;
    private final RowReader rows;
    private final HistoryReader histories;

    public TableReads(ProjectionTables tables, NodeConfig.Projections config) {
        this.tables = tables;
        reader = new GuardedReader(watch, QueryLimits.of(config));
        rows = new RowReader(reader);
        histories = new HistoryReader(reader);
    }

    /** Answers from now on. */
    public Future<?> serve(Bus bus) {
        return Future.all(
                bus.follow(Catalogue.QUERY_ABANDONED, event -> watch.abandon(event.ticket())),
                bus.serve(
                        Catalogue.FIND_ROWS,
                        ask -> tables.read(ask.name(), ask.at(), ask.patience(), view -> rows.rows(view, ask))),
                bus.serve(
                        Catalogue.FIND_HISTORY,
                        ask -> tables.read(
                                ask.name(),
                                ask.at(),
                                ask.patience(),
                                view -> ask.only() ? rows.one(view, ask) : histories.history(view, ask))),
                bus.serve(Catalogue.QUERY_TABLES, this::query));
    }

    private Future<QueryAnswer> query(QueryTables ask) {
        watch.asked(ask.ticket());
        try {
            return tables.read(ask.name(), ask.at(), ask.patience(), view -> reader.query(view, ask))
                    .onComplete(done -> watch.done(ask.ticket()));
        } catch (Failure e) {
            watch.done(ask.ticket());
            throw e;
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
