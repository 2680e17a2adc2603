package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalTest {
    private final Random random = Chance.random();

    @Test
    void readsEveryHeaderThatItWrites() {
        for (int i = 0; i < 2000; i++) {
            Header header = header();
            Encoder out = new Encoder(16);
            Canonical.write(out, header);
            Decoder in = new Decoder(out.toBytes());
            assertThat(Canonical.header(in)).isEqualTo(header);
            assertThat(in.complete()).isTrue();
            assertThat(header.hash()).isEqualTo(Sha256.of(ascii("qbc/quant/1"), out.toArray()));
        }
    }

    @Test
    void endsWithTheProof() {
        Header header = header().withProof(Bytes.hex("0102030405060708"));
        byte[] bytes = Canonical.header(header);
        byte[] other = Canonical.header(header.withProof(Bytes.hex("1112131415161718")));
        assertThat(bytes).hasSameSizeAs(other);
        assertThat(Bytes.wrap(bytes, 0, bytes.length - 8)).isEqualTo(Bytes.wrap(other, 0, other.length - 8));
        assertThat(Bytes.wrap(bytes, bytes.length - 8, 8).hex()).isEqualTo("0102030405060708");
    }

    @Test
    void everyFieldChangesTheQuantHash() {
        Header h = new Header(
                1, Hash.ZERO, 2, 3, Hash.ZERO, 4, Hash.ZERO, 5, Bytes.hex("06"), Bytes.hex("07"), Bytes.hex("08"));
        Hash one = Sha256.of(new byte[0]);
        Header[] others = {
            new Header(2, h.chain(), 2, 3, h.previous(), 4, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, one, 2, 3, h.previous(), 4, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 3, 3, h.previous(), 4, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 4, h.previous(), 4, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, one, 4, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, h.previous(), 5, h.root(), 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, h.previous(), 4, one, 5, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, h.previous(), 4, h.root(), 6, h.producer(), h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, h.previous(), 4, h.root(), 5, Bytes.EMPTY, h.consensus(), h.proof()),
            new Header(1, h.chain(), 2, 3, h.previous(), 4, h.root(), 5, h.producer(), Bytes.EMPTY, h.proof()),
            h.withProof(Bytes.EMPTY),
            new Header(1, h.chain(), 2, 3, h.previous(), 4, h.root(), 5, h.consensus(), h.producer(), h.proof())
        };
        assertThat(Arrays.stream(others).map(Header::hash))
                .doesNotHaveDuplicates()
                .doesNotContain(h.hash());
    }

    @Test
    void tagsWhatItHashesAndSigns() {
        Bytes salt = Bytes.wrap(Chance.bytes(random, 16));
        Bytes payload = Bytes.utf8("{\"a\":1}");
        assertThat(Canonical.commitment(salt, payload))
                .isEqualTo(Sha256.of(ascii("qbc/payload/1"), salt.toArray(), payload.toArray()));
        assertThat(Canonical.spec(payload)).isEqualTo(Sha256.of(ascii("qbc/spec/1"), payload.toArray()));
        Hash id = Sha256.of(new byte[] {1});
        assertThat(Canonical.transactionSigned(id))
                .startsWith(ascii("qbc/tx/1"))
                .endsWith(id.bytes())
                .hasSize(8 + 32);
        assertThat(Canonical.sealSigned(id))
                .startsWith(ascii("qbc/seal/1"))
                .endsWith(id.bytes())
                .hasSize(10 + 32);
    }

    @Test
    void readsNoOtherBody() {
        Transaction sample = Samples.transaction(Samples.pow("main"), 1);
        byte[] body = sample.bodyBytes().toArray();
        assertThat(Canonical.body(Bytes.wrap(body))).contains(sample.body());
        for (int size = 0; size < body.length; size++) {
            assertThat(Canonical.body(Bytes.wrap(body, 0, size))).isEmpty();
        }
        assertThat(Canonical.body(new Encoder(16).raw(body).u8(0).toBytes())).isEmpty();
        for (int i = 0; i < 20_000; i++) {
            Bytes injured = Bytes.wrap(Chance.injure(random, body));
            Canonical.body(injured).ifPresent(read -> {
                Encoder out = new Encoder(16);
                Canonical.body(out, read);
                assertThat(out.toBytes()).as("one encoding for one body").isEqualTo(injured);
            });
        }
    }

    @Test
    void headersHaveOneEncoding() {
        Encoder sample = new Encoder(16);
        Canonical.write(sample, header());
        for (int i = 0; i < 20_000; i++) {
            Bytes injured = Bytes.wrap(Chance.injure(random, sample.toBytes().toArray()));
            Decoder in = new Decoder(injured);
            Header read = Canonical.header(in);
            if (in.complete()) {
                Encoder out = new Encoder(16);
                Canonical.write(out, read);
                assertThat(out.toBytes()).isEqualTo(injured);
            }
        }
    }

    @Test
    void theSameSpecGivesTheSameChain() {
        ChainSpec spec = Samples.pow("main");
        assertThat(Samples.pow("main").id())
                .isEqualTo(spec.id())
                .isEqualTo(spec.genesis().hash());
        assertThat(Samples.pow("other").id()).isNotEqualTo(spec.id());
        assertThat(Samples.dbc("main").id()).isNotEqualTo(spec.id());
        assertThat(spec.genesis().consensus().hex())
                .isEqualTo(Canonical.spec(spec.document()).hex());
    }

    private Header header() {
        return new Header(
                random.nextInt(),
                hash(),
                random.nextLong(),
                random.nextLong(),
                hash(),
                random.nextLong(),
                hash(),
                random.nextInt(),
                Bytes.wrap(Chance.bytes(random, random.nextInt(33))),
                Bytes.wrap(Chance.bytes(random, random.nextInt(100))),
                Bytes.wrap(Chance.bytes(random, random.nextInt(100))));
    }

    private Hash hash() {
        return Hash.at(Chance.bytes(random, 32), 0);
    }

    private static byte[] ascii(String tag) {
        return tag.getBytes(StandardCharsets.US_ASCII);
    }
}
