package io.qbc.http;

import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.consensus.Order;
import io.qbc.ledger.Scope;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.JsonLimits;
import io.qbc.model.JsonObjectText;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import io.qbc.model.StrictJson;
import io.qbc.model.Transaction;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Makes a transaction of what a client sent: of its data alone, or of a complete transaction. */
final class TransactionReader {
    private static final Set<String> KNOWN = Set.of(
            "data",
            "key",
            "type",
            "schema",
            "salt",
            "timestamp",
            "author",
            "signature",
            "version",
            "id",
            "commitment",
            "length");
    private static final Bytes ECHO = Bytes.utf8("put");

    private final Bytes identity;
    private final InstantSource clock;
    private final Chance chance;
    private final RuleBook rules;
    private final JsonLimits envelope;

    TransactionReader(Verbs.Self self, RuleBook rules, Chance chance, int bytesMax, int depthMax) {
        this.identity = self.key();
        this.clock = self.clock();
        this.rules = rules;
        this.chance = chance;
        this.envelope = new JsonLimits(bytesMax, depthMax + 1);
    }

    /**
     * Reads one body.
     *
     * @param header the key of the header field, if there was one
     * @throws Failure with the reason for which it is refused
     */
    Submission read(ChainBook.Known chain, Bytes body, Optional<String> header, InjectStyle style) {
        JsonObjectText text = StrictJson.object(body, envelope);
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        if (style == InjectStyle.STRICT) {
            JsonFields.refuseUnknown(text, KNOWN);
        }
        Bytes data = text.member("data")
                .orElseThrow(() -> new Failure(Reason.PAYLOAD_MISSING, "a member named data is required"));
        return text.member("salt").isPresent()
                ? complete(chain, text, data, header)
                : simple(chain, text, data, header, style);
    }

    private Submission simple(
            ChainBook.Known chain, JsonObjectText text, Bytes data, Optional<String> header, InjectStyle style) {
        Optional<Bytes> key = key(text, header);
        Bytes random = chance.next();
        Bytes salt = random.slice(0, Transaction.SALT_BYTES);
        Optional<Hash> scope = key.map(own -> Scope.node(identity, own));
        Bytes chosen = key.orElseGet(() -> random.slice(Transaction.SALT_BYTES, 16));
        if (style == InjectStyle.ECHO && key.isEmpty()) {
            chosen = Bytes.wrap(
                    Sha256.of(data.array(), data.offset(), data.size()).bytes());
            scope = Optional.of(Scope.node(identity, joined(ECHO, chosen)));
        }
        Bytes type = JsonFields.type(text);
        int schema = text.member("schema").isPresent()
                ? JsonFields.schema(text)
                : chain.spec().rulesVersion();
        Body body = new Body(
                Canonical.VERSION,
                chain.id(),
                clock.millis(),
                chosen,
                Bytes.EMPTY,
                type,
                schema,
                Canonical.commitment(salt, data),
                data.size());
        Transaction transaction = Transaction.of(body, salt, Bytes.EMPTY, data);
        if (transaction.encoded().size() > chain.spec().limits().transactionBytesMax()) {
            throw new Failure(
                    Reason.TRANSACTION_TOO_LARGE,
                    "the chain takes up to " + chain.spec().limits().transactionBytesMax() + " bytes");
        }
        if (chain.spec().rulesVersion() != 0 && !Order.isOrder(type)) {
            checkData(chain, body, data);
        }
        return new Submission(transaction, scope, scope.isEmpty());
    }

    private Submission complete(ChainBook.Known chain, JsonObjectText text, Bytes data, Optional<String> header) {
        if (header.isPresent()) {
            throw new Failure(Reason.KEY_INVALID, "a complete transaction has its key in its body");
        }
        Transaction transaction = JsonFields.transaction(text, chain.id(), data);
        rules.of(chain).whole().check(transaction).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
        Body body = transaction.body();
        Optional<Hash> scope =
                body.author().isEmpty() ? Optional.empty() : Optional.of(Scope.author(body.author(), body.key()));
        return new Submission(transaction, scope);
    }

    /** What the reader made itself is as it must be; only the data and what is said of it may break a rule. */
    private void checkData(ChainBook.Known chain, Body body, Bytes data) {
        if (body.schema() != chain.spec().rulesVersion()) {
            throw new Failure(
                    Reason.SCHEMA_VERSION,
                    "version " + body.schema() + ", the chain's is "
                            + chain.spec().rulesVersion());
        }
        rules.of(chain).data().breach(body.type().text(), data).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
    }

    private static Optional<Bytes> key(JsonObjectText text, Optional<String> header) {
        Optional<String> member = Optional.empty();
        if (text.member("key").isPresent()) {
            member = Optional.of(text.string("key")
                    .orElseThrow(() -> new Failure(Reason.KEY_INVALID, "the member key must be a string")));
        }
        if (member.isPresent() && header.isPresent() && !member.equals(header)) {
            throw new Failure(Reason.KEY_INVALID, "the header field and the member key differ");
        }
        Optional<Bytes> key = member.or(() -> header).map(Bytes::utf8);
        key.ifPresent(bytes -> {
            if (bytes.isEmpty() || bytes.size() > Transaction.KEY_BYTES_MAX) {
                throw new Failure(Reason.KEY_INVALID, "a key has 1 to 255 bytes");
            }
        });
        return key;
    }

    private static Bytes joined(Bytes first, Bytes second) {
        byte[] all = new byte[first.size() + second.size()];
        System.arraycopy(first.array(), first.offset(), all, 0, first.size());
        System.arraycopy(second.array(), second.offset(), all, first.size(), second.size());
        return Bytes.wrap(all);
    }
}
