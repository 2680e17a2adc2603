package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private final Random random = Chance.random();

    @Test
    void readsWhatTheEncoderWrites() {
        Hash hash = Sha256.of(new byte[] {7});
        Encoder out =
                new Encoder(0).u8(0xfe).u32(0xfffefdfc).u64(Long.MIN_VALUE + 5).hash(hash);
        out.raw(Bytes.hex("aabb").slice(1, 1))
                .raw(new byte[] {1})
                .bytes(Bytes.hex("cc"))
                .bytes(Bytes.EMPTY);
        assertThat(out.toBytes().hex())
                .isEqualTo("fe" + "fffefdfc" + "8000000000000005" + hash + "bb" + "01" + "00000001cc" + "00000000");
        assertThat(out.toArray()).isEqualTo(out.toBytes().toArray()).hasSize(out.size());
        Decoder in = new Decoder(out.toBytes());
        assertThat(in.u8()).isEqualTo(0xfe);
        assertThat(in.u32()).isEqualTo(0xfffefdfc);
        assertThat(in.u64()).isEqualTo(Long.MIN_VALUE + 5);
        assertThat(in.hash()).isEqualTo(hash);
        assertThat(in.raw(2).hex()).isEqualTo("bb01");
        assertThat(in.bytes(1).hex()).isEqualTo("cc");
        assertThat(in.complete()).isFalse();
        assertThat(in.remaining()).isEqualTo(4);
        assertThat(in.bytes(0)).isEqualTo(Bytes.EMPTY);
        assertThat(in.complete()).isTrue();
        assertThat(in.failed()).isFalse();
        assertThat(in.position()).isEqualTo(out.size());
    }

    @Test
    void failsOnceAndForAll() {
        Decoder in = new Decoder(Bytes.hex("00000000ffffffff01"));
        assertThat(in.u64()).isEqualTo(0xffffffffL);
        assertThat(in.u32()).isZero();
        assertThat(in.failed()).isTrue();
        assertThat(in.u8()).as("the byte that is left").isZero();
        assertThat(in.u64()).isZero();
        assertThat(in.hash()).isEqualTo(Hash.ZERO);
        assertThat(in.raw(0)).isEqualTo(Bytes.EMPTY);
        assertThat(in.bytes(10)).isEqualTo(Bytes.EMPTY);
        assertThat(in.remaining()).isZero();
        assertThat(in.complete()).isFalse();
        assertThat(new Decoder(Bytes.hex("ffffffffffffff")).u64())
                .as("seven of eight bytes")
                .isZero();
    }

    @Test
    void refusesLengthsThatLie() {
        for (String hex : new String[] {"00000002aa", "ffffffffaa", "7fffffffaa", "80000000aa", "00000001", "000001"}) {
            Decoder in = new Decoder(Bytes.hex(hex));
            assertThat(in.bytes(Integer.MAX_VALUE)).as(hex).isEqualTo(Bytes.EMPTY);
            assertThat(in.failed()).as(hex).isTrue();
        }
        Decoder above = new Decoder(Bytes.hex("00000002aabb"));
        assertThat(above.bytes(1)).as("longer than allowed").isEqualTo(Bytes.EMPTY);
        assertThat(above.failed()).isTrue();
        Decoder negative = new Decoder(Bytes.hex("aabb"));
        assertThat(negative.raw(-1)).isEqualTo(Bytes.EMPTY);
        assertThat(negative.failed()).isTrue();
    }

    @Test
    void staysInsideItsView() {
        Bytes view = Bytes.hex("99" + "0000000a" + "99").slice(1, 4);
        Decoder in = new Decoder(view);
        assertThat(in.u32()).isEqualTo(10);
        assertThat(in.u8()).isZero();
        assertThat(in.failed()).isTrue();
    }

    @Test
    void neverThrowsOnRandomReads() {
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Chance.bytes(random, random.nextInt(64));
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] &= (byte) (random.nextInt(3) == 0 ? 0xff : 0);
            }
            Decoder in = new Decoder(Bytes.wrap(bytes));
            boolean failed = false;
            for (int k = 0; k < 12; k++) {
                read(in);
                assertThat(in.position()).isBetween(0, bytes.length);
                assertThat(failed && !in.failed()).as("a failure lasts").isFalse();
                failed = in.failed();
            }
        }
    }

    private void read(Decoder in) {
        switch (random.nextInt(6)) {
            case 0 -> in.u8();
            case 1 -> in.u32();
            case 2 -> in.u64();
            case 3 -> in.hash();
            case 4 -> in.raw(random.nextInt(20) - 2);
            default -> in.bytes(random.nextInt(30));
        }
    }
}
