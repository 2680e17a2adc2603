package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Signatures;
import java.util.Optional;

/** Two sealed headers of one producer, as the operation {@code qbc.evidence} carries them. */
public record Evidence(Header first, Bytes firstSeal, Header second, Bytes secondSeal) {
    public static final String TYPE = "qbc.evidence";

    /** How many of them one quant may hold with effect, since each costs two signatures to check. */
    public static final int PER_QUANT_MAX = 4;

    /** Reads a payload; nothing unless it has two different headers of one chain by one producer. */
    public static Optional<Evidence> of(Bytes payload, Hash chain) {
        return Fields.of(payload, "header1", "seal1", "header2", "seal2").flatMap(fields -> {
            Optional<Header> first = fields.bytes("header1").flatMap(Evidence::header);
            Optional<Header> second = fields.bytes("header2").flatMap(Evidence::header);
            Optional<Bytes> firstSeal = fields.bytes("seal1");
            Optional<Bytes> secondSeal = fields.bytes("seal2");
            if (first.isEmpty() || second.isEmpty() || firstSeal.isEmpty() || secondSeal.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Evidence(first.get(), firstSeal.get(), second.get(), secondSeal.get()))
                    .filter(evidence -> evidence.fits(chain));
        });
    }

    /** The payload of an operation that carries this. */
    public Bytes payload() {
        return Bytes.utf8("{\"header1\":\"" + hex(first) + "\",\"seal1\":\"" + firstSeal.hex() + "\",\"header2\":\""
                + hex(second) + "\",\"seal2\":\"" + secondSeal.hex() + "\"}");
    }

    public Bytes producer() {
        return first.producer();
    }

    /** Whether both signatures are valid. */
    public boolean signed(Signatures signatures) {
        return signatures.verify(producer(), Canonical.sealSigned(first.hash()), firstSeal)
                && signatures.verify(producer(), Canonical.sealSigned(second.hash()), secondSeal);
    }

    /** What the chain records of it. */
    public Offence offence(long height) {
        return Offence.of(producer(), height, first.hash(), second.hash());
    }

    private boolean fits(Hash chain) {
        return first.chain().equals(chain)
                && second.chain().equals(chain)
                && first.producer().equals(second.producer())
                && !first.equals(second);
    }

    private static Optional<Header> header(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        Header header = Canonical.header(in);
        return in.complete() ? Optional.of(header) : Optional.empty();
    }

    private static String hex(Header header) {
        Encoder out = new Encoder(320);
        Canonical.write(out, header);
        return out.toBytes().hex();
    }
}
