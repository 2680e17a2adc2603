package io.qbc.api;

import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The form in which a caller gets a refusal: its status, and the problem document of RFC 9457. */
public final class Problems {
    public static final String TYPE = "application/problem+json";
    private static final String RETRY_SECONDS = "1";
    private static final String DISK_RETRY_SECONDS = "60";

    private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer realm=\"qbc\"");

    private Problems() {}

    public static Answer answer(Refusal refusal, Optional<String> chain) {
        return answer(status(refusal.reason()), refusal, chain);
    }

    public static Answer answer(int status, Refusal refusal, Optional<String> chain) {
        return answer(status, refusal, problem -> chain.ifPresent(name -> problem.text("chain", name)));
    }

    /** A problem with members of its own behind the usual ones. */
    public static Answer answer(int status, Refusal refusal, Consumer<JsonWriter> more) {
        JsonBuffer out = JsonWriter.object(problem -> {
            write(problem, status, refusal);
            more.accept(problem);
        });
        return new Answer(status, TYPE, out.toBytes(), retry(status, refusal.reason()));
    }

    /** The members of a problem. */
    public static void write(JsonWriter out, int status, Refusal refusal) {
        Reason reason = refusal.reason();
        out.text("type", "urn:qbc:problem:" + reason.code());
        out.text("title", reason.title());
        out.number("status", status);
        out.text("detail", refusal.detail());
        out.text("code", reason.code());
        out.flag("retryable", reason.retryable());
        if (!refusal.pointers().isEmpty()) {
            out.texts("pointers", refusal.pointers());
        }
    }

    /** A disk needs somebody to look after it, which takes longer than a queue. */
    private static Map<String, String> retry(int status, Reason reason) {
        boolean disk = reason == Reason.STORE_FULL || reason == Reason.STORE_READ_ONLY;
        return switch (status) {
            case 401 -> CHALLENGE;
            case 429, 503, 504, 507 -> Map.of("Retry-After", disk ? DISK_RETRY_SECONDS : RETRY_SECONDS);
            default -> Map.of();
        };
    }

    /** The one place where reasons become statuses; a new reason does not compile until it has one. */
    public static int status(Reason reason) {
        return switch (reason) {
            case JSON_INVALID, REQUEST_INVALID, PAYLOAD_MISSING, KEY_INVALID, RANGE_TOO_LARGE, CURSOR_INVALID -> 400;
            case TRANSACTION_MALFORMED, QUANT_MALFORMED -> 400;
            case ROUTE_UNKNOWN, CHAIN_UNKNOWN, QUANT_UNKNOWN, TRANSACTION_UNKNOWN -> 404;
            case CHAIN_NOT_CONFIRMED -> 400;
            case OPERATION_NOT_PERMITTED, CHAIN_RESERVED -> 403;
            case CHAIN_NAME_TAKEN, CHAINS_FULL, CHAIN_FROZEN, NOT_DUE, FINAL, CURSOR_STALE -> 409;
            case CHAIN_PAST, CHAIN_SPEC_INVALID, RULES_BROKEN, SCHEMA_VERSION -> 422;
            case CREDENTIAL_REQUIRED -> 401;
            case ROLE_MISSING, ORIGIN_REFUSED, PROXY_REFUSED -> 403;
            case ACCESS_KEY_UNKNOWN, BAN_UNKNOWN, ANALYTICS_OFF -> 404;
            case SUBSCRIPTION_UNKNOWN, DEAD_LETTER_UNKNOWN -> 404;
            case SUBSCRIPTION_INVALID -> 422;
            case SUBSCRIPTION_PAUSED, SUBSCRIPTION_LEASED, SUBSCRIPTION_OFFSET, SUBSCRIPTION_MOVED -> 409;
            case SUBSCRIPTION_KIND, SUBSCRIPTIONS_FULL -> 409;
            case PROJECTION_UNKNOWN, TABLE_UNKNOWN, ROW_UNKNOWN -> 404;
            case PROJECTION_INVALID, QUERY_INVALID -> 400;
            case PROJECTIONS_FULL, PROJECTION_STATE -> 409;
            case HOST_REFUSED -> 421;
            case RATE_LIMITED -> 429;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case TRANSACTION_TWICE, PARENT_UNKNOWN, PARENT_STALE, TRANSACTIONS_MISSING -> 409;
            case BODY_TOO_LARGE, TRANSACTION_TOO_LARGE -> 413;
            case URI_TOO_LONG -> 414;
            case MEDIA_TYPE_UNSUPPORTED -> 415;
            case KEY_REUSED, PEER_REFUSED, TRANSACTION_VERSION, TRANSACTION_CHAIN, TRANSACTION_ID -> 422;
            case COMMITMENT_MISMATCH, PAYLOAD_INVALID, SIGNATURE_INVALID -> 422;
            case QUANT_VERSION, QUANT_CHAIN, QUANT_HASH, QUANT_HEIGHT, QUANT_TIME_EARLY, QUANT_TIME_AHEAD -> 422;
            case QUANT_COUNT, QUANT_TREE_SIZE, QUANT_ROOT, QUANT_TOO_LARGE, QUANT_TOO_MANY -> 422;
            case CONSENSUS_FIELDS, PROOF_INVALID, SEAL_INVALID, PRODUCER_NOT_PERMITTED -> 422;
            case REORGANISATION_TOO_DEEP -> 422;
            case HEADERS_TOO_LARGE -> 431;
            case CORRUPT, INTERNAL -> 500;
            case PEER_UNREACHABLE, NODE_LOST -> 502;
            case AUDIT_UNAVAILABLE, INDEX_INCOMPLETE, POOL_FULL, BUSY -> 503;
            case STORE_READ_ONLY, STOPPING, TABLES_UNAVAILABLE, NODES_UNREACHABLE -> 503;
            case TIMED_OUT, PROJECTION_BEHIND -> 504;
            case STORE_FULL -> 507;
        };
    }
}
