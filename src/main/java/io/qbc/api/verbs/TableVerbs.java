package io.qbc.api.verbs;

import io.qbc.access.Caller;
import io.qbc.api.Answer;
import io.qbc.api.json.JsonFields;
import io.qbc.api.verbs.ProjectionVerbs.Since;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.AbandonedQuery;
import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Failure;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The verbs that read the tables of projections: rows as documents, and queries in SQL. */
public final class TableVerbs {
    /** The largest body of a query. */
    public static final int BODY_BYTES = 128 << 10;

    private static final int PAGE_ROWS = 100;
    private static final int QUERY_ROWS = 1000;
    private static final JsonLimits LIMITS = new JsonLimits(BODY_BYTES, 4);
    private static final Set<String> MEMBERS = Set.of("sql", "parameters", "limit");
    private static final Bytes NO_PARAMETERS = Bytes.utf8("[]");

    private final Bus bus;
    private final ProjectionVerbs projections;

    TableVerbs(Bus bus, ProjectionVerbs projections) {
        this.bus = bus;
        this.projections = projections;
    }

    /**
     * A page that is wanted.
     *
     * @param equal columns and what they must be
     * @param order a column, behind a hyphen for the largest first
     * @param after what {@code next} of the page before says
     */
    public record Page(Map<String, String> equal, Optional<String> order, Optional<String> after, OptionalLong limit) {
        public Page {
            equal = Map.copyOf(equal);
        }

        private int rows() {
            if (limit.isPresent() && limit.getAsLong() == 0) {
                throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
            }
            return (int) Math.min(Integer.MAX_VALUE - 1, limit.orElse(PAGE_ROWS));
        }
    }

    /** A page of a table's rows. */
    public Future<Answer> rows(Caller caller, String name, String table, Page page, Since since) {
        String order = page.order().orElse("");
        boolean descending = order.startsWith("-");
        FindRows ask = new FindRows(
                name,
                table,
                page.equal(),
                descending ? order.substring(1) : order,
                descending,
                page.after().orElse(""),
                page.rows(),
                since.at(),
                since.patience());
        return projections
                .known(caller, name)
                .compose(known -> bus.ask(Catalogue.FIND_ROWS, ask))
                .map(ProjectionForm::rows);
    }

    /** The present row of a key. */
    public Future<Answer> row(Caller caller, String name, String table, String key, Since since) {
        FindHistory ask = new FindHistory(name, table, key, true, "", 1, since.at(), since.patience());
        return projections
                .known(caller, name)
                .compose(known -> bus.ask(Catalogue.FIND_HISTORY, ask))
                .map(ProjectionForm::row);
    }

    /** A page of the transactions that led to a row. */
    public Future<Answer> history(Caller caller, String name, String table, String key, Page page, Since since) {
        FindHistory ask = new FindHistory(
                name, table, key, false, page.after().orElse(""), page.rows(), since.at(), since.patience());
        return projections
                .known(caller, name)
                .compose(known -> bus.ask(Catalogue.FIND_HISTORY, ask))
                .map(ProjectionForm::rows);
    }

    /**
     * The answer to a query, which reads alone.
     *
     * @param whenLeft has what is to be done when the caller does not wait any more
     */
    public Future<Answer> query(Caller caller, String name, Bytes body, Since since, Consumer<Runnable> whenLeft) {
        JsonObjectText text = StrictJson.object(body, LIMITS);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        JsonFields.refuseUnknown(text, MEMBERS);
        JsonFields fields = new JsonFields(text, Reason.REQUEST_INVALID);
        String sql = fields.optionalText("sql")
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "the member sql must be a string"));
        Bytes parameters = text.member("parameters").orElse(NO_PARAMETERS);
        int limit = text.member("limit").isPresent() ? (int) fields.number("limit", 1_000_000) : QUERY_ROWS;
        if (limit == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        QueryTables ask = new QueryTables(
                name,
                sql,
                parameters,
                limit,
                since.at(),
                since.patience(),
                UUID.randomUUID().toString());
        return projections
                .known(caller, name)
                .compose(known -> {
                    whenLeft.accept(() -> bus.tell(Catalogue.QUERY_ABANDONED, new AbandonedQuery(ask.ticket())));
                    return bus.ask(Catalogue.QUERY_TABLES, ask);
                })
                .map(ProjectionForm::answer);
    }
}
