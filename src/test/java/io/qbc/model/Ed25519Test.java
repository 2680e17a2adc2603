package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final Signer SIGNER = Ed25519.signer(new byte[32]);
    private static final byte[] MESSAGE = {1, 2, 3};

    private final Random random = Chance.random();

    /** RFC 8032 section 7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void signsAsTheStandardSays(String seed, String key, String message, String signature) {
        Signer signer = Ed25519.signer(Bytes.hex(seed).toArray());
        byte[] text = Bytes.hex(message).toArray();
        assertThat(signer.key().hex()).isEqualTo(key);
        assertThat(signer.sign(text).hex()).isEqualTo(signature);
        assertThat(Ed25519.VERIFIER.verify(Bytes.hex(key), text, Bytes.hex(signature)))
                .isTrue();
    }

    @Test
    void signsAndChecks() {
        for (int i = 0; i < 50; i++) {
            Signer signer = Ed25519.signer(Chance.bytes(random, 32));
            byte[] message = Chance.bytes(random, random.nextInt(200));
            Bytes signature = signer.sign(message);
            assertThat(verify(signer.key(), message, signature)).isTrue();
            assertThat(verify(SIGNER.key(), message, signature)).isFalse();
            byte[] broken = signature.toArray();
            broken[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(verify(signer.key(), message, Bytes.wrap(broken))).isFalse();
            byte[] otherKey = signer.key().toArray();
            otherKey[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            assertThat(verify(Bytes.wrap(otherKey), message, signature)).isFalse();
            assertThat(verify(signer.key(), Arrays.copyOf(message, message.length + 1), signature))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 63, 65, 128})
    void refusesSignaturesOfAnotherSize(int size) {
        Bytes signature = SIGNER.sign(MESSAGE);
        Bytes resized = Bytes.wrap(Arrays.copyOf(signature.toArray(), size));
        assertThat(verify(SIGNER.key(), MESSAGE, resized)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    void refusesKeysOfAnotherSize(int size) {
        Bytes key = Bytes.wrap(Arrays.copyOf(SIGNER.key().toArray(), size));
        assertThat(verify(key, MESSAGE, SIGNER.sign(MESSAGE))).isFalse();
    }

    /** Points of small order and other spellings of them; with S = 0 some verifiers take them for any message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void refusesKeysOfSmallOrder(String key) {
        Bytes identity = Bytes.hex("01" + "00".repeat(31));
        for (Bytes r : new Bytes[] {identity, Bytes.hex(key)}) {
            Bytes signature = Bytes.hex(r.hex() + "00".repeat(32));
            for (int i = 0; i < 16; i++) {
                assertThat(verify(Bytes.hex(key), new byte[] {(byte) i}, signature))
                        .isFalse();
            }
        }
        assertThat(verify(Bytes.hex(key), MESSAGE, SIGNER.sign(MESSAGE))).isFalse();
    }

    @Test
    void refusesKeysOffTheCurveOrOutOfRange() {
        Bytes signature = SIGNER.sign(MESSAGE);
        for (String key : new String[] {"02" + "00".repeat(31), "ff".repeat(32), "ff".repeat(31) + "7f"}) {
            assertThat(verify(Bytes.hex(key), MESSAGE, signature)).as(key).isFalse();
        }
    }

    /** S + L is the same number to a careless verifier: a second signature for the same message. */
    @Test
    void refusesScalarsThatAreNotReduced() {
        byte[] signature = SIGNER.sign(MESSAGE).toArray();
        BigInteger s = new BigInteger(1, reversed(signature, 32));
        for (int times = 1; times <= 15; times++) {
            BigInteger larger = s.add(ORDER.multiply(BigInteger.valueOf(times)));
            if (larger.bitLength() > 256) {
                break;
            }
            byte[] forged = signature.clone();
            byte[] digits = larger.toByteArray();
            for (int i = 0; i < 32; i++) {
                int from = digits.length - 1 - i;
                forged[32 + i] = from < 0 ? 0 : digits[from];
            }
            assertThat(verify(SIGNER.key(), MESSAGE, Bytes.wrap(forged)))
                    .as("S + %d L", times)
                    .isFalse();
        }
        assertThat(verify(SIGNER.key(), MESSAGE, Bytes.wrap(new byte[64]))).isFalse();
    }

    @Test
    void neverThrows() {
        for (int i = 0; i < 300; i++) {
            Bytes key = Bytes.wrap(Chance.bytes(random, 32));
            assertThat(verify(key, MESSAGE, Bytes.wrap(Chance.bytes(random, 64))))
                    .isFalse();
            assertThat(verify(SIGNER.key(), MESSAGE, Bytes.wrap(Chance.bytes(random, 64))))
                    .isFalse();
        }
    }

    private static byte[] reversed(byte[] bytes, int from) {
        byte[] out = new byte[32];
        for (int i = 0; i < 32; i++) {
            out[i] = bytes[from + 31 - i];
        }
        return out;
    }

    private static boolean verify(Bytes key, byte[] message, Bytes signature) {
        return Ed25519.VERIFIER.verify(key, message, signature);
    }
}
