package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.JsonLimits;
import io.qbc.model.Reason;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRulesTest {
    private static final ChainSpec SPEC = Samples.pow("main");
    private static final Bytes SALT = Bytes.wrap(new byte[Transaction.SALT_BYTES]);
    private static final Bytes PAYLOAD = Bytes.utf8("{\"a\":1}");

    private final TransactionRules rules =
            new TransactionRules(SPEC.id(), 1000, new JsonLimits(900, 32), Ed25519.VERIFIER);

    /** A body to be changed field by field. */
    private static final class Edit {
        private int version = Canonical.VERSION;
        private Hash chain = SPEC.id();
        private long timestamp = Samples.GENESIS_TIME;
        private Bytes key = Bytes.utf8("key");
        private Bytes author = Bytes.EMPTY;
        private Bytes type = Bytes.EMPTY;
        private int schema;
        private Bytes payload = PAYLOAD;
        private Hash commitment = Canonical.commitment(SALT, PAYLOAD);
        private int length = PAYLOAD.size();

        Edit payload(Bytes json) {
            payload = json;
            commitment = Canonical.commitment(SALT, json);
            length = json.size();
            return this;
        }

        Transaction make(Bytes signature) {
            Body body = new Body(version, chain, timestamp, key, author, type, schema, commitment, length);
            return Transaction.of(body, SALT, signature, payload);
        }

        Transaction signed(Signer signer) {
            author = signer.key();
            return make(
                    signer.sign(Canonical.transactionSigned(make(Bytes.EMPTY).id())));
        }
    }

    @Test
    void passesValidOnes() {
        assertThat(reason(new Edit())).isEmpty();
        assertThat(reason(new Edit().signed(Samples.SIGNER))).isEmpty();
        assertThat(rules.check(Samples.transaction(SPEC, 1))).isEmpty();
        Edit full = new Edit();
        full.type = Bytes.utf8("order/é");
        full.schema = 3;
        full.timestamp = 0;
        assertThat(reason(full)).isEmpty();
        for (String json : new String[] {"1", "null", "\"x\"", "[]", " {} "}) {
            assertThat(reason(new Edit().payload(Bytes.utf8(json)))).as(json).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1})
    void knowsOneVersion(int version) {
        Edit edit = new Edit();
        edit.version = version;
        assertThat(reason(edit)).contains(Reason.TRANSACTION_VERSION);
    }

    @Test
    void isForOneChain() {
        assertThat(rules.check(Samples.transaction(Samples.pow("other"), 1))
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.TRANSACTION_CHAIN);
    }

    @Test
    void boundsTheSize() {
        int rest = new Edit().payload(Bytes.EMPTY).make(Bytes.EMPTY).encoded().size();
        assertThat(reason(new Edit().payload(text(1000 - rest)))).isEmpty();
        assertThat(reason(new Edit().payload(text(1001 - rest)))).contains(Reason.TRANSACTION_TOO_LARGE);
    }

    @Test
    void boundsItsFields() {
        Edit noKey = new Edit();
        noKey.key = Bytes.EMPTY;
        assertThat(reason(noKey)).contains(Reason.TRANSACTION_MALFORMED);
        Edit before1970 = new Edit();
        before1970.timestamp = -1;
        assertThat(reason(before1970)).contains(Reason.TRANSACTION_MALFORMED);
        Edit schema = new Edit();
        schema.schema = -1;
        assertThat(reason(schema)).contains(Reason.TRANSACTION_MALFORMED);
        Edit type = new Edit();
        type.type = Bytes.hex("61ff");
        assertThat(reason(type)).contains(Reason.TRANSACTION_MALFORMED);
    }

    @Test
    void comparesPayloadAndCommitment() {
        Edit longer = new Edit();
        longer.length++;
        assertThat(reason(longer)).contains(Reason.COMMITMENT_MISMATCH);
        Edit negative = new Edit();
        negative.length = -1;
        assertThat(reason(negative)).contains(Reason.COMMITMENT_MISMATCH);
        Edit other = new Edit();
        other.payload = Bytes.utf8("{\"a\":2}");
        assertThat(reason(other)).contains(Reason.COMMITMENT_MISMATCH);
        Edit respelled = new Edit();
        respelled.payload = Bytes.utf8("{\"a\" :1}");
        respelled.length++;
        assertThat(reason(respelled)).contains(Reason.COMMITMENT_MISMATCH);
        Transaction made = new Edit().make(Bytes.EMPTY);
        Transaction salted = Transaction.of(made.body(), Bytes.hex("01".repeat(16)), Bytes.EMPTY, PAYLOAD);
        assertThat(reason(salted)).contains(Reason.COMMITMENT_MISMATCH);
    }

    @Test
    void checksTheAuthor() {
        Transaction signed = new Edit().signed(Samples.SIGNER);
        Bytes signature = signed.signature();
        assertThat(reason(resigned(signed, Bytes.EMPTY))).as("no signature").contains(Reason.SIGNATURE_INVALID);
        assertThat(reason(resigned(signed, signature.slice(0, 63)))).contains(Reason.SIGNATURE_INVALID);
        byte[] otherMessage = signed.id().bytes();
        assertThat(reason(resigned(signed, Samples.SIGNER.sign(otherMessage)))).contains(Reason.SIGNATURE_INVALID);
        Bytes byOther = Samples.OTHER.sign(Canonical.transactionSigned(signed.id()));
        assertThat(reason(resigned(signed, byOther))).contains(Reason.SIGNATURE_INVALID);
        assertThat(reason(new Edit().make(signature))).as("no author").contains(Reason.SIGNATURE_INVALID);
        Edit shortKey = new Edit();
        shortKey.author = Samples.SIGNER.key().slice(0, 31);
        assertThat(reason(shortKey)).contains(Reason.SIGNATURE_INVALID);
        Edit identity = new Edit();
        identity.author = Bytes.hex("01" + "00".repeat(31));
        Bytes anyMessage = Bytes.hex("01" + "00".repeat(63));
        assertThat(reason(identity.make(anyMessage))).as("the identity key").contains(Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}x", "{\"a\":1,\"a\":2}", "NaN", "\"\\ud800\"", "[1,]"})
    void readsThePayloadStrictly(String json) {
        assertThat(reason(new Edit().payload(Bytes.utf8(json)))).contains(Reason.PAYLOAD_INVALID);
    }

    /** Of a signed transaction no byte can change unseen. */
    @Test
    void refusesEveryInjuredTransaction() {
        Random random = Chance.random();
        Transaction signed = new Edit().signed(Samples.SIGNER);
        int judged = 0;
        for (int i = 0; i < 20_000; i++) {
            Bytes injured = Bytes.wrap(Chance.injure(random, signed.encoded().toArray()));
            Optional<Transaction> decoded = Transaction.decode(injured);
            if (decoded.isPresent() && !decoded.get().equals(signed)) {
                judged++;
                assertThat(rules.check(decoded.get())).isPresent();
            }
        }
        assertThat(judged).isGreaterThan(1000);
    }

    private static Transaction resigned(Transaction transaction, Bytes signature) {
        return Transaction.of(transaction.body(), transaction.salt(), signature, transaction.payload());
    }

    private static Bytes text(int size) {
        return Bytes.utf8("\"" + "x".repeat(size - 2) + "\"");
    }

    private Optional<Reason> reason(Edit edit) {
        return reason(edit.make(Bytes.EMPTY));
    }

    private Optional<Reason> reason(Transaction transaction) {
        assertThat(Transaction.decode(transaction.encoded())).isPresent();
        return rules.check(transaction).map(refusal -> refusal.reason());
    }
}
