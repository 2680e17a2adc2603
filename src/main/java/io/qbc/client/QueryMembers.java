package io.qbc.client;

import io.qbc.client.request.ReadSince;
import io.qbc.client.request.RowQuery;
import io.qbc.client.request.TransactionQuery;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.model.Bytes;
import java.time.Instant;
import java.util.OptionalInt;

/** The members of requests that say what a query wants. */
final class QueryMembers {
    private QueryMembers() {}

    static ApiRequest list(String chain, TransactionQuery query) {
        ApiRequest request = ApiRequest.of(ApiVerb.LIST_TRANSACTIONS, chain)
                .with("key", query.key())
                .with("type", query.type())
                .with("author", query.author().map(Bytes::hex))
                .with("from", query.from().map(Instant::toString))
                .with("to", query.to().map(Instant::toString))
                .with("after", query.after());
        return limited(query.newest() ? request.with("order", "newest") : request, query.limit());
    }

    static ApiRequest with(ApiRequest request, RowQuery query) {
        ApiRequest page =
                request.withColumns(query.equal()).with("order", query.order()).with("after", query.after());
        return with(limited(page, query.limit()), query.since());
    }

    static ApiRequest with(ApiRequest request, ReadSince since) {
        return request.with("at", since.at()).waiting(since.waitTime());
    }

    private static ApiRequest limited(ApiRequest request, OptionalInt limit) {
        return limit.isPresent() ? request.with("limit", (long) limit.getAsInt()) : request;
    }
}
