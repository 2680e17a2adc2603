package io.qbc.client.request;

import io.vertx.core.json.Json;
import java.util.Optional;

/**
 * A transaction that a caller wants in a chain.
 *
 * <pre>{@code
 * TransactionRequest order = TransactionRequest.of(new JsonObject().put("order", 4711))
 *         .withKey("order-4711")
 *         .withType("order");
 * }</pre>
 *
 * @param data the JSON text of the data; over REST the chain keeps its very bytes
 * @param key the idempotency key, at most 255 bytes: the same key is the same transaction however often it is sent, by
 *     whichever node; without one the client makes one up, which covers its own tries alone
 * @param type the name of the data's type; may be empty
 * @param author who signs it
 */
public record TransactionRequest(String data, Optional<String> key, String type, Optional<AuthorKey> author) {
    /** A transaction with this JSON text as its data. */
    public static TransactionRequest json(String data) {
        return new TransactionRequest(data, Optional.empty(), "", Optional.empty());
    }

    /** A transaction with a value that Vert.x writes as JSON: an object, an array, a string, a number, a boolean. */
    public static TransactionRequest of(Object value) {
        return json(Json.encode(value));
    }

    /** The same under an idempotency key. */
    public TransactionRequest withKey(String once) {
        return new TransactionRequest(data, Optional.of(once), type, author);
    }

    /** The same with the name of the data's type. */
    public TransactionRequest withType(String name) {
        return new TransactionRequest(data, key, name, author);
    }

    /** The same, signed by an author's key before it leaves. */
    public TransactionRequest signedBy(AuthorKey signer) {
        return new TransactionRequest(data, key, type, Optional.of(signer));
    }
}
