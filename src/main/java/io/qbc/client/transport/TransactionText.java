package io.qbc.client.transport;

import io.qbc.client.answer.QbcException;
import io.qbc.client.request.TransactionRequest;
import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.vertx.core.json.Json;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The JSON text of a transaction as it is sent: made once for a call, so that each try of it is the same. */
public final class TransactionText {
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);
    private static final int KEY_BYTES = 16;
    /** What engines take for themselves keeps no rules of a chain's own. */
    private static final String ENGINE_PREFIX = "qbc.";

    private static final int INVALID_STATUS = 400;
    private static final SecureRandom RANDOM = new SecureRandom();

    private TransactionText() {}

    /**
     * What an author has to know of a chain.
     *
     * @param rulesVersion of the rules that its data keeps
     */
    public record SignedChain(Hash id, int rulesVersion) {}

    /** The request with its data as the node will have it, where that is not as the caller has written it. */
    public static TransactionRequest rewritten(TransactionRequest request) {
        check(request.data());
        String data = Json.encode(Json.decodeValue(request.data()));
        return new TransactionRequest(data, request.key(), request.type(), request.author());
    }

    /** The request on one line: between the tokens of JSON a space is as good as a line break. */
    public static TransactionRequest onOneLine(TransactionRequest request) {
        String data = request.data().replace('\n', ' ').replace('\r', ' ');
        return new TransactionRequest(data, request.key(), request.type(), request.author());
    }

    /** A transaction that nobody signs. */
    public static Bytes plain(TransactionRequest request) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("key", request.key().orElseGet(() -> random(KEY_BYTES).hex()));
        if (!request.type().isEmpty()) {
            members.put("type", request.type());
        }
        return withData(members, request.data());
    }

    /**
     * Who signs a transaction.
     *
     * @param key the public key
     * @param signature gives the signature of a message
     */
    public record Author(Bytes key, Function<byte[], Bytes> signature) {}

    /** A whole transaction, signed. */
    public static Bytes signed(TransactionRequest request, Author author, SignedChain chain, long millis) {
        Bytes data = Bytes.utf8(request.data());
        Bytes salt = random(Transaction.SALT_BYTES);
        Bytes key = request.key().map(Bytes::utf8).orElseGet(() -> random(KEY_BYTES));
        Body body = new Body(
                Canonical.VERSION,
                chain.id(),
                millis,
                key,
                author.key(),
                Bytes.utf8(request.type()),
                request.type().startsWith(ENGINE_PREFIX) ? 0 : chain.rulesVersion(),
                Canonical.commitment(salt, data),
                data.size());
        Hash id = Transaction.of(body, salt, Bytes.EMPTY, data).id();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", (long) body.version());
        members.put("id", id.hex());
        members.put("timestamp", body.timestamp());
        members.put("key", key.hex());
        members.put("author", author.key().hex());
        members.put("type", request.type());
        members.put("schema", (long) body.schema());
        members.put("commitment", body.commitment().hex());
        members.put("length", (long) body.length());
        members.put("salt", salt.hex());
        members.put(
                "signature",
                author.signature().apply(Canonical.transactionSigned(id)).hex());
        return withData(members, request.data());
    }

    /** The members with the data behind them, its text as it is. */
    private static Bytes withData(Map<String, Object> members, String data) {
        check(data);
        String text = JsonTree.write(members);
        return Bytes.utf8(text.substring(0, text.length() - 1) + ",\"data\":" + data + "}");
    }

    /** Refuses a text that is not one JSON value, which could bring members of its own into the request. */
    private static void check(String data) {
        Optional<JsonFault> fault = StrictJson.check(Bytes.utf8(data), LIMITS);
        if (fault.isPresent()) {
            throw new QbcException(new QbcException.Problem(
                    INVALID_STATUS,
                    "json_invalid",
                    "The JSON is not acceptable",
                    "the data is not one JSON value: " + fault.get(),
                    List.of("/data"),
                    false));
        }
    }

    private static Bytes random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
