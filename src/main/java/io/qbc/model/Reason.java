package io.qbc.model;

import java.util.Locale;

/** Every reason for which something is refused; its {@link #code()} is part of the public contract. */
public enum Reason {
    // What a caller sent is not well formed.
    JSON_INVALID("The JSON is not acceptable"),
    REQUEST_INVALID("The request is not acceptable"),
    PAYLOAD_MISSING("The field data is missing"),
    KEY_INVALID("The idempotency key is not acceptable"),
    KEY_REUSED("The idempotency key belongs to other data"),
    BODY_TOO_LARGE("The body is too large"),
    HEADERS_TOO_LARGE("The header fields are too large"),
    CURSOR_INVALID("The cursor is none of this list"),
    CURSOR_STALE("The chain went another way since the page before"),
    RANGE_TOO_LARGE("The range has too many points"),
    URI_TOO_LONG("The address is too long"),
    MEDIA_TYPE_UNSUPPORTED("The content type is not supported"),
    NOT_ACCEPTABLE("No form of the answer is acceptable"),
    METHOD_NOT_ALLOWED("The method is not allowed here"),
    ROUTE_UNKNOWN("There is nothing at this address"),
    CHAIN_SPEC_INVALID("The chain spec is not acceptable"),
    CHAIN_NAME_TAKEN("Another chain has this name"),
    CHAINS_FULL("The node has as many chains as it may have"),
    CHAIN_FROZEN("The chain is frozen on this node"),
    CHAIN_PAST("A chain as it was takes no writes"),
    CHAIN_RESERVED("The chain is a node's own"),
    CHAIN_NOT_CONFIRMED("The removal is not confirmed"),
    CHAIN_UNKNOWN("There is no such chain"),
    OPERATION_NOT_PERMITTED("This node does not sign that operation"),
    ANALYTICS_OFF("The node keeps no figures"),
    SUBSCRIPTION_INVALID("The subscription is not acceptable"),
    SUBSCRIPTION_UNKNOWN("There is no such subscription"),
    SUBSCRIPTION_PAUSED("The subscription does not deliver at present"),
    SUBSCRIPTION_LEASED("Another consumer has the subscription"),
    SUBSCRIPTION_OFFSET("The offset is not one that was fetched"),
    SUBSCRIPTION_MOVED("The subscription was moved to another place"),
    SUBSCRIPTION_KIND("The subscription delivers in another way"),
    SUBSCRIPTIONS_FULL("There are as many subscriptions as there may be"),
    DEAD_LETTER_UNKNOWN("There is no such dead letter"),
    QUANT_UNKNOWN("There is no such quant"),
    TRANSACTION_UNKNOWN("There is no such transaction"),
    PEER_REFUSED("The peer is not acceptable"),
    BAN_UNKNOWN("There is no such ban"),
    PROJECTION_UNKNOWN("There is no such projection"),
    PROJECTION_INVALID("The mapping is not acceptable"),
    PROJECTIONS_FULL("The node has as many projections as it may have"),
    PROJECTION_STATE("The projection is in no state for this"),
    TABLE_UNKNOWN("There is no such table"),
    ROW_UNKNOWN("There is no such row"),
    QUERY_INVALID("The query is not acceptable"),
    PEER_UNREACHABLE("The peer does not answer the challenge"),

    // Whoever asks may not.
    CREDENTIAL_REQUIRED("A valid credential is required"),
    ROLE_MISSING("The caller lacks a role"),
    ACCESS_KEY_UNKNOWN("There is no such key"),
    ORIGIN_REFUSED("Pages of this origin may not call this node"),
    HOST_REFUSED("This is no name of this node"),
    PROXY_REFUSED("The node cannot tell who calls"),
    RATE_LIMITED("The caller asks too often"),

    // A rule about transactions is broken.
    TRANSACTION_MALFORMED("The transaction is malformed"),
    TRANSACTION_VERSION("The transaction's version is not supported"),
    TRANSACTION_CHAIN("The transaction is for another chain"),
    TRANSACTION_TOO_LARGE("The transaction is too large"),
    TRANSACTION_ID("The transaction's id does not fit its body"),
    COMMITMENT_MISMATCH("The payload does not fit its commitment"),
    RULES_BROKEN("The data breaks the chain's rules"),
    SCHEMA_VERSION("The version of the data rules is wrong"),
    PAYLOAD_INVALID("The payload is not acceptable JSON"),
    SIGNATURE_INVALID("The author's signature is not valid"),
    TRANSACTION_TWICE("The transaction is in the chain already"),

    // A rule about quants is broken.
    QUANT_MALFORMED("The quant is malformed"),
    QUANT_VERSION("The quant's version is not supported"),
    QUANT_CHAIN("The quant is of another chain"),
    QUANT_HASH("The hash given does not fit the header"),
    QUANT_HEIGHT("The height does not follow the parent's"),
    QUANT_TIME_EARLY("The timestamp is not after the median of the last 11"),
    QUANT_TIME_AHEAD("The timestamp is too far ahead"),
    QUANT_COUNT("The transaction count is wrong"),
    QUANT_TREE_SIZE("The tree size is wrong"),
    QUANT_ROOT("The tree root is wrong"),
    QUANT_TOO_LARGE("The quant is too large"),
    QUANT_TOO_MANY("The quant has too many transactions"),
    CONSENSUS_FIELDS("The consensus fields are wrong"),
    PROOF_INVALID("The proof is not valid"),
    SEAL_INVALID("The seals are not valid"),
    PRODUCER_NOT_PERMITTED("The producer may not make this quant"),
    NOT_DUE("It is not the producer's turn"),
    FINAL("The branch contradicts what is final"),
    PARENT_UNKNOWN("The parent is unknown"),
    PARENT_STALE("The parent is no longer the head"),
    TRANSACTIONS_MISSING("Transactions of the quant are missing"),
    REORGANISATION_TOO_DEEP("The branch leaves the chain too far back"),

    // The node cannot do it at present.
    INDEX_INCOMPLETE("The index of the chain is being made"),
    AUDIT_UNAVAILABLE("What is done cannot be recorded"),
    POOL_FULL("The pool is full"),
    BUSY("Too much is waiting"),
    STORE_READ_ONLY("The store failed and is read-only"),
    STORE_FULL("The disk is full"),
    CORRUPT("Stored data is damaged"),
    TIMED_OUT("It took too long"),
    PROJECTION_BEHIND("The tables are not there yet"),
    TABLES_UNAVAILABLE("The database of the tables is not to be had"),
    STOPPING("The node is stopping"),
    NODES_UNREACHABLE("No node of the cluster can be reached"),
    NODE_LOST("The node went away before it answered"),
    INTERNAL("The node has a fault");

    private final String title;

    Reason(String title) {
        this.title = title;
    }

    /** A short sentence for people, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The stable code for programs: the name in lower case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return switch (this) {
            case RATE_LIMITED, POOL_FULL, BUSY, STORE_READ_ONLY, STORE_FULL, TIMED_OUT, STOPPING -> true;
            case NODES_UNREACHABLE, NODE_LOST -> true;
            case AUDIT_UNAVAILABLE, INDEX_INCOMPLETE, TABLES_UNAVAILABLE, PROJECTION_BEHIND -> true;
            case PARENT_UNKNOWN, PARENT_STALE, TRANSACTIONS_MISSING, PEER_UNREACHABLE, QUANT_TIME_AHEAD, NOT_DUE ->
                true;
            default -> false;
        };
    }

    public Refusal refusal(String detail) {
        return new Refusal(this, detail);
    }
}
