package io.qbc.ledger;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.json.Utf8;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Transaction;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The rules that a transaction must keep on its own, wherever it comes from. */
public final class TransactionRules {
    /** Arrays and objects inside each other in a payload; a part of format 1, as nodes that differ here would part. */
    public static final int PAYLOAD_DEPTH_MAX = 32;

    private final Hash chain;
    private final int bytesMax;
    private final JsonLimits json;
    private final Signatures signatures;
    private final DataRules rules;
    private final int rulesVersion;

    /**
     * The rules of one chain.
     *
     * @param bytesMax the chain's limit for one encoded transaction
     */
    public TransactionRules(Hash chain, int bytesMax, Signatures signatures) {
        this(chain, bytesMax, signatures, DataRules.NONE, 0);
    }

    /** The rules of a chain, with those about its data. */
    public TransactionRules(ChainSpec spec, Signatures signatures, DataRules rules) {
        this(spec.id(), spec.limits().transactionBytesMax(), signatures, rules, spec.rulesVersion());
    }

    private TransactionRules(Hash chain, int bytesMax, Signatures signatures, DataRules rules, int rulesVersion) {
        this.chain = chain;
        this.bytesMax = bytesMax;
        this.json = new JsonLimits(bytesMax, PAYLOAD_DEPTH_MAX);
        this.signatures = signatures;
        this.rules = rules;
        this.rulesVersion = rulesVersion;
    }

    /** The first rule that the transaction breaks; empty if none. */
    public Optional<Refusal> check(Transaction transaction) {
        return check(transaction, () -> false);
    }

    /** The same for a caller that may leave, as {@link DataRules} has it. */
    public Optional<Refusal> check(Transaction transaction, BooleanSupplier abandoned) {
        Transaction.Parts parts = transaction.parts();
        Body body = parts.body();
        Bytes payload = parts.payload();
        if (body.version() != Canonical.VERSION) {
            return refuse(Reason.TRANSACTION_VERSION, "version " + body.version() + ", known is " + Canonical.VERSION);
        }
        if (!body.chain().equals(chain)) {
            return refuse(Reason.TRANSACTION_CHAIN, "it names the chain " + body.chain());
        }
        if (transaction.encoded().size() > bytesMax) {
            return refuse(
                    Reason.TRANSACTION_TOO_LARGE,
                    transaction.encoded().size() + " bytes, the chain takes up to " + bytesMax);
        }
        if (body.key().isEmpty() || body.timestamp() < 0 || body.schema() < 0) {
            return refuse(Reason.TRANSACTION_MALFORMED, "key, timestamp or schema version is out of range");
        }
        if (!Utf8.wellFormed(body.type())) {
            return refuse(Reason.TRANSACTION_MALFORMED, "the type is not UTF-8");
        }
        if (body.length() != payload.size()
                || !Canonical.commitment(parts.salt(), payload).equals(body.commitment())) {
            return refuse(Reason.COMMITMENT_MISMATCH, "transaction " + transaction.id());
        }
        return signature(transaction.id(), parts).or(() -> payload(payload)).or(() -> data(body, payload, abandoned));
    }

    private Optional<Refusal> signature(Hash id, Transaction.Parts parts) {
        Body body = parts.body();
        Bytes signature = parts.signature();
        if (body.author().isEmpty() && signature.isEmpty()) {
            return Optional.empty();
        }
        boolean valid = body.author().size() == Ed25519.KEY_BYTES
                && signatures.verify(body.author(), Canonical.transactionSigned(id), signature);
        return valid ? Optional.empty() : refuse(Reason.SIGNATURE_INVALID, "transaction " + id);
    }

    private Optional<Refusal> payload(Bytes payload) {
        return StrictJson.check(payload, json).map(fault -> Reason.PAYLOAD_INVALID.refusal(fault.toString()));
    }

    /** The engine's own orders are no data of the chain's users. */
    private Optional<Refusal> data(Body body, Bytes payload, BooleanSupplier abandoned) {
        if (rulesVersion == 0 || EngineOperation.isOrder(body.type())) {
            return Optional.empty();
        }
        if (body.schema() != rulesVersion) {
            return refuse(Reason.SCHEMA_VERSION, "version " + body.schema() + ", the chain's is " + rulesVersion);
        }
        return rules.breach(body.type().text(), payload, abandoned);
    }

    private static Optional<Refusal> refuse(Reason reason, String detail) {
        return Optional.of(reason.refusal(detail));
    }
}
