package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.Samples;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private final Random random = Chance.random();

    @Test
    void decodesWhatItEncodes() {
        for (int i = 0; i < 2000; i++) {
            Bytes payload = some(random.nextInt(300));
            Bytes salt = some(Transaction.SALT_BYTES);
            Bytes signature = some(random.nextBoolean() ? 0 : 64);
            Body body = body(payload, salt);
            Transaction made = Transaction.of(body, salt, signature, payload);
            assertThat(Transaction.decode(made.encoded())).contains(made);
            assertThat(made.body()).isEqualTo(body);
            assertThat(made.salt()).isEqualTo(salt);
            assertThat(made.signature()).isEqualTo(signature);
            assertThat(made.payload()).isEqualTo(payload);
            Encoder out = new Encoder(16);
            Canonical.body(out, body);
            assertThat(made.bodyBytes()).isEqualTo(out.toBytes());
            assertThat(made.id()).isEqualTo(Sha256.of(new byte[] {0}, out.toArray()));
        }
    }

    @Test
    void holdsTheLargestFields() {
        Bytes payload = some(1 << 20);
        Body body = new Body(
                1, Hash.ZERO, Long.MAX_VALUE, some(255), some(32), some(255), Integer.MAX_VALUE, Hash.ZERO, 1 << 20);
        Transaction made = Transaction.of(body, some(16), some(64), payload);
        assertThat(Transaction.decode(made.encoded())).contains(made);
        assertThat(made.body()).isEqualTo(body);
    }

    @Test
    void refusesFieldsThatAreTooLong() {
        Body fair = body(some(5), some(16));
        for (int[] sizes : new int[][] {{256, 0, 0}, {1, 33, 0}, {1, 0, 256}}) {
            Body body = new Body(
                    1,
                    fair.chain(),
                    fair.timestamp(),
                    some(sizes[0]),
                    some(sizes[1]),
                    some(sizes[2]),
                    0,
                    fair.commitment(),
                    5);
            Transaction made = Transaction.of(body, some(16), Bytes.EMPTY, some(5));
            assertThat(Transaction.decode(made.encoded())).isEmpty();
        }
        Transaction signed = Transaction.of(fair, some(16), some(65), some(5));
        assertThat(Transaction.decode(signed.encoded())).isEmpty();
    }

    @Test
    void decodesNothingShorterOrLonger() {
        Transaction sample = Samples.transaction(Samples.pow("main"), 1);
        byte[] encoded = sample.encoded().toArray();
        for (int size = 0; size < encoded.length; size++) {
            assertThat(Transaction.decode(Bytes.wrap(encoded, 0, size)))
                    .as("cut to %d", size)
                    .isEmpty();
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThat(Transaction.decode(Bytes.wrap(longer))).isEmpty();
    }

    /** One encoding for one content: what decodes again to the same id has the same body, byte for byte. */
    @Test
    void neverGivesOneIdToTwoBodies() {
        Map<Hash, Bytes> bodies = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            byte[] encoded =
                    Samples.transaction(Samples.pow("main"), i % 50).encoded().toArray();
            Optional<Transaction> decoded = Transaction.decode(Bytes.wrap(Chance.injure(random, encoded)));
            decoded.ifPresent(transaction -> {
                Bytes known = bodies.putIfAbsent(transaction.id(), transaction.bodyBytes());
                assertThat(known == null || known.equals(transaction.bodyBytes()))
                        .isTrue();
                Transaction again = Transaction.of(
                        transaction.body(), transaction.salt(), transaction.signature(), transaction.payload());
                assertThat(again).as("no second encoding").isEqualTo(transaction);
            });
        }
        assertThat(bodies).hasSizeGreaterThan(50);
    }

    @Test
    void neverThrowsOnRandomBytes() {
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Chance.bytes(random, random.nextInt(250));
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[0] = 0;
                bytes[1] = 0;
                bytes[2] = 0;
            }
            assertThat(Transaction.decode(Bytes.wrap(bytes))).isEmpty();
        }
    }

    @Test
    void readsAViewOfALargerArray() {
        Transaction sample = Samples.transaction(Samples.pow("main"), 3, "{\"é\":\"😀\"}");
        byte[] around = new Encoder(16).u32(-1).raw(sample.encoded()).u32(-1).toArray();
        Bytes view = Bytes.wrap(around, 4, sample.encoded().size());
        assertThat(Transaction.decode(view)).contains(sample);
        assertThat(Transaction.decode(view).orElseThrow().payload().text()).isEqualTo("{\"é\":\"😀\"}");
    }

    private Body body(Bytes payload, Bytes salt) {
        return new Body(
                random.nextInt(),
                Hash.at(Chance.bytes(random, 32), 0),
                random.nextLong(),
                some(random.nextInt(256)),
                some(random.nextInt(33)),
                some(random.nextInt(256)),
                random.nextInt(),
                Canonical.commitment(salt, payload),
                payload.size());
    }

    private Bytes some(int size) {
        return Bytes.wrap(Chance.bytes(random, size));
    }
}
