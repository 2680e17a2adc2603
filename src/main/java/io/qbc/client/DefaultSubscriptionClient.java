package io.qbc.client;

import io.qbc.client.answer.EventBatch;
import io.qbc.client.answer.LetterPage;
import io.qbc.client.answer.LetterPage.Letter;
import io.qbc.client.answer.SubscriptionInfo;
import io.qbc.client.answer.SubscriptionStatus;
import io.qbc.client.transport.ApiCaller;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The verbs about subscriptions, whichever way there is to nodes. */
final class DefaultSubscriptionClient implements SubscriptionClient {
    static final String UNKNOWN = "subscription_unknown";

    private final ApiCaller caller;
    private final String chain;

    DefaultSubscriptionClient(ApiCaller caller, String chain) {
        this.caller = caller;
        this.chain = chain;
    }

    @Override
    public Future<List<SubscriptionInfo>> list() {
        return caller.call(
                ApiRequest.of(ApiVerb.LIST_SUBSCRIPTIONS, chain),
                answer -> answer.objects("subscriptions").stream()
                        .map(SubscriptionInfo::of)
                        .toList());
    }

    @Override
    public Future<SubscriptionInfo> put(String name, String document) {
        return info(one(ApiVerb.PUT_SUBSCRIPTION, name).with(Bytes.utf8(document)));
    }

    @Override
    public Future<Optional<SubscriptionInfo>> find(String name) {
        return caller.find(UNKNOWN, one(ApiVerb.FIND_SUBSCRIPTION, name), SubscriptionInfo::of);
    }

    @Override
    public Future<Optional<SubscriptionStatus>> status(String name) {
        return caller.find(UNKNOWN, one(ApiVerb.STATUS_OF_SUBSCRIPTION, name), SubscriptionStatus::of);
    }

    @Override
    public Future<Optional<SubscriptionInfo>> remove(String name) {
        return caller.find(UNKNOWN, one(ApiVerb.REMOVE_SUBSCRIPTION, name), SubscriptionInfo::of);
    }

    @Override
    public Future<SubscriptionInfo> pause(String name) {
        return info(one(ApiVerb.PAUSE_SUBSCRIPTION, name));
    }

    @Override
    public Future<SubscriptionInfo> resume(String name) {
        return info(one(ApiVerb.RESUME_SUBSCRIPTION, name));
    }

    @Override
    public Future<SubscriptionInfo> seek(String name, String place) {
        return info(one(ApiVerb.SEEK_SUBSCRIPTION, name).with("to", place));
    }

    @Override
    public Future<SubscriptionInfo> replay(String name, long from, long to) {
        return info(one(ApiVerb.REPLAY_SUBSCRIPTION, name).with("from", from).with("to", to));
    }

    @Override
    public Future<SubscriptionInfo> rotate(String name) {
        return info(one(ApiVerb.ROTATE_SECRET, name));
    }

    @Override
    public Future<EventBatch> fetch(String name, String consumer, int most, Duration wait) {
        JsonObject body = new JsonObject().put("max", most).put("consumer", consumer);
        ApiRequest request = one(ApiVerb.FETCH_EVENTS, name).waiting(wait);
        if (request.isWaiting()) {
            body.put("wait", request.waitSeconds() + "s");
        }
        return caller.call(request.with(text(body)), EventBatch::of);
    }

    @Override
    public Future<SubscriptionStatus> commit(String name, String consumer, long offset, long generation) {
        JsonObject body = new JsonObject()
                .put("offset", offset)
                .put("generation", generation)
                .put("consumer", consumer);
        return caller.call(one(ApiVerb.COMMIT_OFFSET, name).with(text(body)), SubscriptionStatus::of);
    }

    @Override
    public Future<SubscriptionStatus> release(String name, String consumer) {
        JsonObject body = new JsonObject().put("consumer", consumer);
        return caller.call(one(ApiVerb.RELEASE_LEASE, name).with(text(body)), SubscriptionStatus::of);
    }

    @Override
    public Future<LetterPage> dead(String name, long after, int limit) {
        return caller.call(
                one(ApiVerb.LIST_DEAD_LETTERS, name).with("after", after).with("limit", (long) limit), LetterPage::of);
    }

    @Override
    public Future<Letter> retry(String name, long number) {
        return caller.call(one(ApiVerb.RETRY_DEAD_LETTER, name).with("number", number), Letter::of);
    }

    private ApiRequest one(ApiVerb verb, String name) {
        return ApiRequest.of(verb, chain).with("name", name);
    }

    private Future<SubscriptionInfo> info(ApiRequest request) {
        return caller.call(request, SubscriptionInfo::of);
    }

    private static Bytes text(JsonObject body) {
        return Bytes.wrap(body.toBuffer().getBytes());
    }
}
