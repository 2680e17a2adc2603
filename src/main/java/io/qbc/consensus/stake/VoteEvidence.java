package io.qbc.consensus.stake;

import io.qbc.consensus.engine.Fields;
import io.qbc.consensus.engine.Offence;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Signatures;
import io.qbc.model.Transaction;
import java.util.Optional;

/** Two votes of one holder that contradict each other, as an operation {@code qbc.evidence} carries them. */
record VoteEvidence(Transaction first, Transaction second) {

    /** Reads a payload; nothing unless it has two contradicting votes of one author in this chain. */
    static Optional<VoteEvidence> of(Bytes payload, Hash chain) {
        return Fields.of(payload, "vote1", "vote2").flatMap(fields -> {
            Optional<Transaction> first = fields.bytes("vote1").flatMap(Transaction::decode);
            Optional<Transaction> second = fields.bytes("vote2").flatMap(Transaction::decode);
            return first.flatMap(one -> second.map(other -> new VoteEvidence(one, other)))
                    .filter(evidence -> evidence.fits(chain));
        });
    }

    /** The payload of an operation that carries this. */
    Bytes payload() {
        return Bytes.utf8("{\"vote1\":\"" + first.encoded().hex() + "\",\"vote2\":\""
                + second.encoded().hex() + "\"}");
    }

    Bytes author() {
        return first.body().author();
    }

    boolean signed(Signatures signatures) {
        return signed(first, signatures) && signed(second, signatures);
    }

    Offence offence(long height) {
        return Offence.of(author(), height, first.id(), second.id());
    }

    private boolean fits(Hash chain) {
        Optional<Vote> one = vote(first, chain);
        Optional<Vote> other = vote(second, chain);
        return one.isPresent()
                && other.isPresent()
                && one.get().contradicts(other.get())
                && author().equals(second.body().author());
    }

    private static Optional<Vote> vote(Transaction transaction, Hash chain) {
        Body body = transaction.body();
        boolean voting = body.chain().equals(chain)
                && body.type().equals(Bytes.utf8(Vote.TYPE))
                && body.length() == transaction.payload().size()
                && Canonical.commitment(transaction.salt(), transaction.payload())
                        .equals(body.commitment());
        return voting ? Vote.of(transaction.payload()) : Optional.empty();
    }

    private static boolean signed(Transaction transaction, Signatures signatures) {
        return signatures.verify(
                transaction.body().author(), Canonical.transactionSigned(transaction.id()), transaction.signature());
    }
}
