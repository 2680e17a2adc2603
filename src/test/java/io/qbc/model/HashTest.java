package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashTest {
    private final Random random = Chance.random();

    @Test
    void isSha256() throws Exception {
        assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)).hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Sha256.of(new byte[0], 0, 0).hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 300; i++) {
            byte[] a = Chance.bytes(random, random.nextInt(200));
            byte[] b = Chance.bytes(random, random.nextInt(200));
            digest.update(a);
            Hash expected = Hash.at(digest.digest(b), 0);
            assertThat(Sha256.of(a, b)).isEqualTo(expected);
            assertThat(Sha256.of(a, Bytes.wrap(b), Bytes.EMPTY)).isEqualTo(expected);
            assertThat(Sha256.of(new byte[0], Bytes.wrap(a), Bytes.wrap(b))).isEqualTo(expected);
        }
    }

    @Test
    void tellsLeavesFromNodes() {
        Hash a = Sha256.of(new byte[] {1});
        Hash b = Sha256.of(new byte[] {2});
        byte[] pair = new Encoder(64).hash(a).hash(b).toArray();
        assertThat(Sha256.leaf(pair, 0, 64)).isEqualTo(Sha256.of(new byte[] {0}, pair));
        assertThat(Sha256.node(a, b)).isEqualTo(Sha256.of(new byte[] {1}, pair));
        assertThat(Sha256.node(a, b)).isNotEqualTo(Sha256.node(b, a)).isNotEqualTo(Sha256.leaf(pair, 0, 64));
    }

    @Test
    void readsWhatItWrites() {
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = Chance.bytes(random, 40);
            Hash hash = Hash.at(bytes, 5);
            byte[] copy = bytes.clone();
            hash.write(copy, 5);
            assertThat(copy).isEqualTo(bytes);
            assertThat(Bytes.wrap(hash.bytes())).isEqualTo(Bytes.wrap(bytes, 5, 32));
            assertThat(Hash.parse(hash.hex())).contains(hash);
            assertThat(Hash.parse(hash.hex().toUpperCase(Locale.ROOT))).contains(hash);
            assertThat(hash).hasToString(Bytes.wrap(bytes, 5, 32).hex()).hasSameHashCodeAs(Hash.at(copy, 5));
        }
    }

    @Test
    void ordersAsUnsignedNumbers() {
        for (int i = 0; i < 2000; i++) {
            byte[] x = Chance.bytes(random, 32);
            byte[] y = x.clone();
            if (random.nextInt(10) > 0) {
                y[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            }
            int expected = new BigInteger(1, x).compareTo(new BigInteger(1, y));
            assertThat(Integer.signum(Hash.at(x, 0).compareTo(Hash.at(y, 0)))).isEqualTo(expected);
            assertThat(Hash.at(x, 0).equals(Hash.at(y, 0))).isEqualTo(expected == 0);
        }
    }

    @Test
    void parsesNothingElse() {
        String good = "ab".repeat(32);
        for (String bad : new String[] {
            "",
            "ab",
            good + "0",
            good + "00",
            good.substring(1),
            good.substring(2),
            "0x" + good.substring(2),
            "g" + good.substring(1),
            " " + good.substring(1),
            good.substring(1) + "\n",
            "é" + good.substring(1),
            "\uff11" + good.substring(1),
            "-" + good.substring(1),
            "+" + good.substring(1)
        }) {
            assertThat(Hash.parse(bad)).as(bad).isEmpty();
        }
        assertThat(Hash.parse("0".repeat(64))).contains(Hash.ZERO);
    }
}
