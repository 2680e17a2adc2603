package io.qbc.http;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.DeadRows;
import io.qbc.bus.Catalogue.DroppedProjection;
import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.FindProjection;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionError;
import io.qbc.bus.Catalogue.ProjectionPut;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.Projections;
import io.qbc.bus.Catalogue.PutProjection;
import io.qbc.bus.Catalogue.QueryAnswer;
import io.qbc.bus.Catalogue.QueryColumn;
import io.qbc.bus.Catalogue.QueryTables;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Catalogue.RebuildState;
import io.qbc.bus.Catalogue.RowDifference;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake of projections: each follows the chain that its mapping names, and has ten transactions. */
final class FakeProjections {
    private static final Hash ID = Hash.parse("ab".repeat(32)).orElseThrow();

    /** Chains by the names of their projections. */
    final SortedMap<String, String> chains = new ConcurrentSkipListMap<>();

    final List<FindRows> rows = new CopyOnWriteArrayList<>();
    final List<FindHistory> histories = new CopyOnWriteArrayList<>();
    final List<QueryTables> queries = new CopyOnWriteArrayList<>();
    final List<ProjectionAction> actions = new CopyOnWriteArrayList<>();

    Future<?> serve(Bus bus) {
        return Future.all(List.of(
                bus.serve(Catalogue.PUT_PROJECTION, ask -> Future.succeededFuture(put(ask))),
                bus.serve(
                        Catalogue.FIND_PROJECTIONS,
                        ask -> Future.succeededFuture(new Projections(
                                chains.keySet().stream().map(this::state).toList()))),
                bus.serve(Catalogue.FIND_PROJECTION, ask -> Future.succeededFuture(find(ask))),
                bus.serve(Catalogue.DROP_PROJECTION, ask -> {
                    state(ask.name());
                    chains.remove(ask.name());
                    return Future.succeededFuture(new DroppedProjection(ask.name()));
                }),
                bus.serve(Catalogue.STEER_PROJECTION, ask -> {
                    actions.add(ask.action());
                    return Future.succeededFuture(state(ask.name()));
                }),
                bus.serve(
                        Catalogue.FIND_DEAD,
                        ask -> Future.succeededFuture(
                                new DeadRows(List.of(new DeadRow(4, ID, "line", "/total", "a number is expected"))))),
                bus.serve(Catalogue.FIND_ROWS, ask -> {
                    rows.add(ask);
                    return Future.succeededFuture(
                            new Rows(List.of(Bytes.utf8("{\"_leaf\":3}")), Optional.of("next"), 10));
                }),
                bus.serve(Catalogue.FIND_HISTORY, ask -> {
                    histories.add(ask);
                    String one = "{\"name\":\"Ann\"}";
                    String many = "{\"leaf\":3,\"n\":0,\"height\":1,\"id\":\"" + ID.hex()
                            + "\",\"time\":\"\",\"type\":\"a\"," + "\"deleted\":false,\"payload\":{}}";
                    return Future.succeededFuture(
                            new Rows(List.of(Bytes.utf8(ask.only() ? one : many)), Optional.empty(), 10));
                }),
                bus.serve(Catalogue.QUERY_TABLES, ask -> {
                    queries.add(ask);
                    return ask.sql().contains("delete")
                            ? Future.failedFuture(new Failure(Reason.QUERY_INVALID, "a query reads"))
                            : Future.succeededFuture(new QueryAnswer(
                                    List.of(new QueryColumn("n", "bigint")), List.of(Bytes.utf8("[1]")), false, 10));
                })));
    }

    private ProjectionPut put(PutProjection ask) {
        String mapping = ask.mapping().text();
        if (!mapping.contains("chain")) {
            throw new Failure(new Refusal(Reason.PROJECTION_INVALID, "chain is missing", List.of("/chain")));
        }
        String chain = mapping.replaceAll(".*\"chain\":\"([^\"]*)\".*", "$1");
        boolean created = chains.put(ask.name(), chain) == null;
        return new ProjectionPut(state(ask.name()), created);
    }

    private ProjectionState find(FindProjection ask) {
        ProjectionState state = state(ask.name());
        boolean behind = ask.at()
                .filter(at -> at instanceof ReadPoint.Leaf leaf && leaf.index() >= 10)
                .isPresent();
        if (behind) {
            throw new Failure(Reason.PROJECTION_BEHIND, "the projection has 10 transactions");
        }
        return state;
    }

    private ProjectionState state(String name) {
        String chain = Optional.ofNullable(chains.get(name))
                .orElseThrow(() -> new Failure(Reason.PROJECTION_UNKNOWN, "no projection is called " + name));
        VerifyState verification = new VerifyState(
                VerifyStep.DONE,
                10,
                10,
                1,
                Optional.of(2L),
                1,
                0,
                0,
                List.of(new RowDifference("line", "changed", "3-0", List.of("total"))),
                Optional.empty());
        return new ProjectionState(
                name,
                ProjectionStatus.FOLLOWING,
                Optional.of(ID),
                chain,
                "final",
                "embedded",
                name,
                Bytes.utf8("{\"chain\":\"" + chain + "\",\"target\":{\"kind\":\"embedded\"}}"),
                ID,
                10,
                2,
                Optional.of(ID),
                0,
                0,
                new TreeMap<>(Map.of("line", 10L)),
                1,
                25,
                Optional.of(new ProjectionError(
                        Reason.PROJECTION_STATE.refusal("it was"), OptionalLong.of(4), Optional.of(ID), 5)),
                0,
                Optional.of(new RebuildState(0.25, 3, "asked")),
                Optional.of(verification));
    }
}
