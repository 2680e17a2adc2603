package io.qbc.e2e;

import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Seal;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One quant for each rule, with that rule broken and every other one kept, in the REST form. */
final class BrokenQuants {
    private static final Hash NOWHERE = Sha256.of(Samples.seed("nowhere"));

    private final ChainSpec spec;
    private final Engine engine;
    private final Tip parent;
    private final Transaction committed;
    private final long now;
    private final Map<Reason, String> cases = new LinkedHashMap<>();

    /**
     * Quants on a parent.
     *
     * @param committed a transaction that is in the chain up to the parent
     */
    BrokenQuants(ChainSpec spec, Tip parent, Transaction committed, long now) {
        this.spec = spec;
        this.engine = Engines.of(spec.consensus()).orElseThrow();
        this.parent = parent;
        this.committed = committed;
        this.now = now;
    }

    /** Quants for a chain under proof of work whose limits are small. */
    Map<Reason, String> cases() {
        headers();
        proofs();
        transactions();
        limits();
        return cases;
    }

    private void headers() {
        broken(Reason.QUANT_VERSION, h -> with(h, 2, h.chain(), h.height(), h.timestamp(), h.previous()));
        broken(Reason.QUANT_CHAIN, h -> with(h, 1, NOWHERE, h.height(), h.timestamp(), h.previous()));
        broken(Reason.QUANT_HEIGHT, h -> with(h, 1, h.chain(), h.height() + 1, h.timestamp(), h.previous()));
        broken(Reason.QUANT_TIME_EARLY, h -> with(h, 1, h.chain(), h.height(), parent.medianTime(), h.previous()));
        broken(Reason.QUANT_TIME_AHEAD, h -> with(h, 1, h.chain(), h.height(), now + 3_600_000, h.previous()));
        broken(Reason.PARENT_UNKNOWN, h -> with(h, 1, h.chain(), h.height(), h.timestamp(), NOWHERE));
        broken(Reason.QUANT_TREE_SIZE, h -> tree(h, h.treeSize() + 1, h.root(), h.count()));
        broken(Reason.QUANT_ROOT, h -> tree(h, h.treeSize(), NOWHERE, h.count()));
        broken(Reason.QUANT_COUNT, h -> tree(h, h.treeSize(), h.root(), h.count() + 1));
    }

    private void proofs() {
        Quant good = quant(List.of(sample(1)), h -> h);
        cases.put(Reason.QUANT_HASH, Forms.quant(good, NOWHERE.hex()));
        Header unproven = good.header();
        for (long nonce = 0;
                engine.check(outline(good, unproven), parent.parent(), Ed25519.VERIFIER)
                        .isEmpty();
                nonce++) {
            unproven = unproven.withProof(Bytes.hex("%016x".formatted(nonce)));
        }
        cases.put(Reason.PROOF_INVALID, Forms.quant(new Quant(unproven, List.of(), good.transactions())));
        cases.put(
                Reason.SEAL_INVALID,
                Forms.quant(new Quant(
                        good.header(),
                        List.of(new Seal(Samples.SIGNER.key(), Samples.SIGNER.sign(new byte[1]))),
                        good.transactions())));
        broken(
                Reason.CONSENSUS_FIELDS,
                h -> new Header(
                        h.version(),
                        h.chain(),
                        h.height(),
                        h.timestamp(),
                        h.previous(),
                        h.treeSize(),
                        h.root(),
                        h.count(),
                        h.producer(),
                        Bytes.hex("0000000000000001"),
                        h.proof()));
    }

    private void transactions() {
        Transaction good = sample(1);
        String form = Forms.quant(quant(List.of(good), h -> h));
        cases.put(Reason.TRANSACTION_ID, form.replace("\"id\":\"" + good.id(), "\"id\":\"" + NOWHERE));
        cases.put(Reason.COMMITMENT_MISMATCH, form.replace("\"data\":{\"n\":1}", "\"data\":{\"n\":2}"));
        cases.put(Reason.QUANT_MALFORMED, form.replace("\"previous\":", "\"before\":"));
        with(Reason.TRANSACTION_TWICE, committed);
        bodies(good);
    }

    private void bodies(Transaction good) {
        Body b = good.body();
        with(
                Reason.TRANSACTION_VERSION,
                Transaction.of(
                        new Body(
                                2,
                                b.chain(),
                                b.timestamp(),
                                b.key(),
                                b.author(),
                                b.type(),
                                b.schema(),
                                b.commitment(),
                                b.length()),
                        good.salt(),
                        Bytes.EMPTY,
                        good.payload()));
        with(
                Reason.SIGNATURE_INVALID,
                Transaction.of(
                        new Body(
                                1,
                                b.chain(),
                                b.timestamp(),
                                b.key(),
                                Samples.SIGNER.key(),
                                b.type(),
                                b.schema(),
                                b.commitment(),
                                b.length()),
                        good.salt(),
                        Samples.SIGNER.sign(new byte[1]),
                        good.payload()));
    }

    private void limits() {
        int large = spec.limits().transactionBytesMax();
        with(Reason.TRANSACTION_TOO_LARGE, Samples.transaction(spec, 2, "\"" + "x".repeat(large) + "\""));
        List<Transaction> many = new ArrayList<>();
        for (int i = 0; i <= spec.limits().quantTransactionsMax(); i++) {
            many.add(sample(100 + i));
        }
        cases.put(Reason.QUANT_TOO_MANY, Forms.quant(quant(many, h -> h)));
        List<Transaction> heavy = new ArrayList<>();
        for (int i = 0; i <= spec.limits().quantBytesMax() / (large - 300); i++) {
            heavy.add(Samples.transaction(spec, 200 + i, "\"" + "x".repeat(large - 300) + "\""));
        }
        cases.put(Reason.QUANT_TOO_LARGE, Forms.quant(quant(heavy, h -> h)));
    }

    private void broken(Reason reason, UnaryOperator<Header> change) {
        cases.put(reason, Forms.quant(quant(List.of(sample(1)), change)));
    }

    private void with(Reason reason, Transaction transaction) {
        cases.put(reason, Forms.quant(quant(List.of(transaction), h -> h)));
    }

    /** A quant that keeps all rules. */
    Quant good(List<Transaction> transactions) {
        return quant(transactions, h -> h);
    }

    private Quant quant(List<Transaction> transactions, UnaryOperator<Header> change) {
        Frontier grown = parent.frontier()
                .append(transactions.stream().map(Transaction::id).toList());
        Header before = parent.head().header();
        Header header = new Header(
                1,
                spec.id(),
                before.height() + 1,
                now,
                parent.head().hash(),
                grown.size(),
                grown.root(),
                transactions.size(),
                Samples.SIGNER.key(),
                engine.prepare(parent.parent(), now, Samples.SIGNER, SigningRecord.NONE),
                Bytes.EMPTY);
        Sealed sealed = engine.seal(change.apply(header), Samples.SIGNER, 0)
                .step(Integer.MAX_VALUE)
                .orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), transactions);
    }

    private Transaction sample(int n) {
        return Samples.transaction(spec, n);
    }

    private static io.qbc.model.CompactQuant outline(Quant quant, Header header) {
        return new io.qbc.model.CompactQuant(
                header, List.of(), quant.compactQuant().ids());
    }

    private static Header with(Header h, int version, Hash chain, long height, long timestamp, Hash previous) {
        return new Header(
                version,
                chain,
                height,
                timestamp,
                previous,
                h.treeSize(),
                h.root(),
                h.count(),
                h.producer(),
                h.consensus(),
                h.proof());
    }

    private static Header tree(Header h, long size, Hash root, int count) {
        return new Header(
                h.version(),
                h.chain(),
                h.height(),
                h.timestamp(),
                h.previous(),
                size,
                root,
                count,
                h.producer(),
                h.consensus(),
                h.proof());
    }
}
