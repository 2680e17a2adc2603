package io.qbc.client;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.DeadRowPage;
import io.qbc.client.answer.ProjectionInfo;
import io.qbc.client.answer.QueryResult;
import io.qbc.client.answer.RowPage;
import io.qbc.client.request.ReadSince;
import io.qbc.client.request.RowQuery;
import io.qbc.client.transport.ApiCaller;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The verbs about projections, whichever way there is to nodes. */
final class DefaultProjectionClient implements ProjectionClient {
    private static final String UNKNOWN = "projection_unknown";
    private static final String ROW_UNKNOWN = "row_unknown";

    private final ApiCaller caller;

    DefaultProjectionClient(ApiCaller caller) {
        this.caller = caller;
    }

    @Override
    public Future<List<ProjectionInfo>> list() {
        return caller.call(
                ApiRequest.of(ApiVerb.LIST_PROJECTIONS),
                answer -> answer.objects("projections").stream()
                        .map(ProjectionInfo::of)
                        .toList());
    }

    @Override
    public Future<Optional<ProjectionInfo>> find(String name, ReadSince since) {
        return caller.find(UNKNOWN, QueryMembers.with(one(ApiVerb.FIND_PROJECTION, name), since), ProjectionInfo::of);
    }

    @Override
    public Future<ProjectionInfo> put(String name, String mapping) {
        return caller.call(one(ApiVerb.PUT_PROJECTION, name).with(Bytes.utf8(mapping)), ProjectionInfo::of);
    }

    @Override
    public Future<Boolean> remove(String name, boolean tables) {
        return caller.find(
                        UNKNOWN,
                        one(ApiVerb.REMOVE_PROJECTION, name).with("tables", tables),
                        answer -> answer.text("name"))
                .map(Optional::isPresent);
    }

    @Override
    public Future<ProjectionInfo> rebuild(String name) {
        return steer(ApiVerb.REBUILD_PROJECTION, name);
    }

    @Override
    public Future<ProjectionInfo> pause(String name) {
        return steer(ApiVerb.PAUSE_PROJECTION, name);
    }

    @Override
    public Future<ProjectionInfo> resume(String name) {
        return steer(ApiVerb.RESUME_PROJECTION, name);
    }

    @Override
    public Future<ProjectionInfo> verify(String name) {
        return steer(ApiVerb.VERIFY_PROJECTION, name);
    }

    @Override
    public Future<ProjectionInfo> cancelVerification(String name) {
        return steer(ApiVerb.CANCEL_VERIFICATION, name);
    }

    @Override
    public Future<DeadRowPage> dead(String name, long from, int limit) {
        ApiRequest request =
                one(ApiVerb.LIST_DEAD_ROWS, name).with("after", from).with("limit", (long) limit);
        return caller.call(request, DeadRowPage::of);
    }

    @Override
    public Future<ProjectionInfo> retryDead(String name) {
        return steer(ApiVerb.RETRY_DEAD_ROWS, name);
    }

    @Override
    public Future<RowPage> rows(String name, String table, RowQuery query) {
        return caller.call(QueryMembers.with(one(ApiVerb.LIST_ROWS, name).with("table", table), query), RowPage::of);
    }

    @Override
    public Future<Optional<String>> row(String name, String table, String key, ReadSince since) {
        ApiRequest request = QueryMembers.with(row(ApiVerb.FIND_ROW, name, table, key), since);
        return caller.find(ROW_UNKNOWN, request, AnswerReader::json);
    }

    @Override
    public Future<RowPage> history(String name, String table, String key, RowQuery query) {
        return caller.call(QueryMembers.with(row(ApiVerb.ROW_HISTORY, name, table, key), query), RowPage::of);
    }

    @Override
    public Future<QueryResult> query(String name, String sql, JsonArray parameters, int limit, ReadSince since) {
        JsonObject body =
                new JsonObject().put("sql", sql).put("parameters", parameters).put("limit", limit);
        ApiRequest request = one(ApiVerb.QUERY_PROJECTION, name)
                .with(Bytes.wrap(body.toBuffer().getBytes()));
        return caller.call(QueryMembers.with(request, since), QueryResult::of);
    }

    private static ApiRequest one(ApiVerb verb, String name) {
        return ApiRequest.of(verb).with("projection", name);
    }

    private static ApiRequest row(ApiVerb verb, String name, String table, String key) {
        return one(verb, name).with("table", table).with("key", key);
    }

    private Future<ProjectionInfo> steer(ApiVerb verb, String name) {
        return caller.call(one(verb, name), ProjectionInfo::of);
    }
}
