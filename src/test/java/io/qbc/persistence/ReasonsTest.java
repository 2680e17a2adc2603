package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Append;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Seal;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.StoreKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rule broken once: the reason is named, and nothing changes. */
class ReasonsTest {
    private static final ChainSpec SPEC = small(Samples.dbc("main"));
    private static final ChainSpec POW = small(Samples.pow("work"));
    private static final Tip GENESIS = Tip.genesis(SPEC);

    @TempDir
    Path data;

    private static ChainSpec small(ChainSpec spec) {
        ChainSpec.Limits limits = new ChainSpec.Limits(1000, 2500, 8);
        return new ChainSpec(spec.name(), "", spec.genesisTime(), spec.consensus(), limits, spec.document());
    }

    private static List<Transaction> some(int count) {
        List<Transaction> transactions = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            transactions.add(Samples.transaction(SPEC, n));
        }
        return transactions;
    }

    private static Quant good() {
        return Samples.quant(SPEC, GENESIS, some(2), StoreFixture.NOW);
    }

    /** The good quant with a changed header, sealed again. */
    private static Quant changed(UnaryOperator<Header> change) {
        return sealed(change.apply(good().header()), Samples.SIGNER, good().transactions());
    }

    private static Quant sealed(Header header, Signer signer, List<Transaction> transactions) {
        Bytes signature = signer.sign(Canonical.sealSigned(header.hash()));
        return new Quant(header, List.of(new Seal(signer.key(), signature)), transactions);
    }

    private static Map<Reason, Quant> brokenHeaders() {
        Map<Reason, Quant> broken = new LinkedHashMap<>();
        broken.put(Reason.QUANT_VERSION, changed(h -> new Fields(h).version(2).header()));
        broken.put(
                Reason.QUANT_CHAIN, changed(h -> new Fields(h).chain(POW.id()).header()));
        broken.put(Reason.QUANT_HEIGHT, changed(h -> new Fields(h).height(2).header()));
        broken.put(
                Reason.QUANT_TIME_EARLY,
                changed(h -> new Fields(h).timestamp(Samples.GENESIS_TIME).header()));
        broken.put(
                Reason.QUANT_TIME_AHEAD,
                changed(h -> new Fields(h).timestamp(StoreFixture.NOW + 15_001).header()));
        broken.put(Reason.QUANT_COUNT, changed(h -> new Fields(h).count(3).header()));
        broken.put(
                Reason.QUANT_TREE_SIZE, changed(h -> new Fields(h).treeSize(3).header()));
        broken.put(Reason.QUANT_ROOT, changed(h -> new Fields(h).root(Hash.ZERO).header()));
        broken.put(
                Reason.CONSENSUS_FIELDS,
                changed(h -> new Fields(h).consensus(Bytes.utf8("x")).header()));
        broken.put(Reason.PROOF_INVALID, changed(h -> h.withProof(Bytes.utf8("x"))));
        broken.put(
                Reason.PRODUCER_NOT_PERMITTED,
                sealed(
                        new Fields(good().header())
                                .producer(Samples.OTHER.key())
                                .header(),
                        Samples.OTHER,
                        good().transactions()));
        broken.put(Reason.SEAL_INVALID, sealed(good().header(), Samples.OTHER, good().transactions()));
        return broken;
    }

    private static Map<Reason, Quant> brokenContents() {
        Map<Reason, Quant> broken = new LinkedHashMap<>();
        Transaction one = Samples.transaction(SPEC, 1);
        String large = "\"" + "x".repeat(700) + "\"";
        broken.put(Reason.QUANT_TOO_MANY, Samples.quant(SPEC, GENESIS, some(9), StoreFixture.NOW));
        broken.put(
                Reason.QUANT_TOO_LARGE,
                holding(
                        Samples.transaction(SPEC, 1, large),
                        Samples.transaction(SPEC, 2, large),
                        Samples.transaction(SPEC, 3, large)));
        broken.put(Reason.TRANSACTION_TWICE, holding(one, one));
        broken.put(Reason.TRANSACTION_TOO_LARGE, holding(Samples.transaction(SPEC, 1, "\"" + "x".repeat(999) + "\"")));
        broken.put(Reason.TRANSACTION_CHAIN, holding(Samples.transaction(POW, 1)));
        broken.put(Reason.TRANSACTION_MALFORMED, holding(new Transaction(one.id(), Bytes.utf8("x"))));
        Transaction other = Samples.transaction(SPEC, 2);
        broken.put(Reason.TRANSACTION_ID, holding(new Transaction(one.id(), other.encoded())));
        broken.put(
                Reason.COMMITMENT_MISMATCH,
                holding(Transaction.of(one.body(), other.salt(), Bytes.EMPTY, one.payload())));
        broken.put(Reason.PAYLOAD_INVALID, holding(Samples.transaction(SPEC, 1, "{\"a\":1,\"a\":2}")));
        Transaction signed = Signing.transaction(SPEC, 1, "key", "{}");
        broken.put(
                Reason.SIGNATURE_INVALID,
                holding(Transaction.of(signed.body(), signed.salt(), Bytes.wrap(new byte[64]), signed.payload())));
        Body body = one.body();
        Body future = new Body(
                2,
                body.chain(),
                body.timestamp(),
                body.key(),
                body.author(),
                body.type(),
                body.schema(),
                body.commitment(),
                body.length());
        broken.put(Reason.TRANSACTION_VERSION, holding(Transaction.of(future, one.salt(), Bytes.EMPTY, one.payload())));
        return broken;
    }

    private static Quant holding(Transaction... transactions) {
        return Samples.quant(SPEC, GENESIS, List.of(transactions), StoreFixture.NOW);
    }

    @Test
    void everyRuleHasItsReason() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            brokenHeaders()
                    .forEach((reason, quant) -> assertThat(storeFixture.offer(SPEC, quant))
                            .as(reason.code())
                            .isInstanceOfSatisfying(
                                    Verdict.Refused.class,
                                    refused -> assertThat(refused.refusal().reason())
                                            .isEqualTo(reason)));
            brokenContents()
                    .forEach((reason, quant) -> assertThat(storeFixture.offer(SPEC, quant))
                            .as(reason.code())
                            .isInstanceOfSatisfying(
                                    Verdict.Refused.class,
                                    refused -> assertThat(refused.refusal().reason())
                                            .isEqualTo(reason)));
            assertThat(storeFixture.head(SPEC)).isEqualTo(SPEC.id());
            assertThat(storeFixture.waitingIds(SPEC)).isEmpty();
            assertThat(storeFixture.offer(SPEC, good())).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aProofOfWorkThatIsNotDoneIsRefused() {
        try (StoreFixture storeFixture = StoreFixture.start(data, POW)) {
            Quant good = Samples.quant(POW, Tip.genesis(POW), List.of(), StoreFixture.NOW);
            long nonce = 0;
            Header bad = good.header();
            while (bad.hash().a() >>> 60 == 0) {
                bad = good.header().withProof(Bytes.wrap(StoreKeys.number(nonce++)));
            }
            assertThat(reason(storeFixture.offer(POW, new Quant(bad, List.of(), List.of()))))
                    .isEqualTo(Reason.PROOF_INVALID);
            assertThat(storeFixture.offer(POW, good)).isInstanceOf(Verdict.Extended.class);
        }
    }

    @Test
    void aBranchFromTooFarBackIsRefused() {
        NodeConfig base = Samples.config(data, 0);
        NodeConfig config = Samples.with(base, new NodeConfig.Ledger(Duration.ofSeconds(15), 3, 4, 1 << 20));
        try (StoreFixture storeFixture =
                StoreFixture.start(config, path -> RocksStore.open(path, config.store()), SPEC)) {
            List<Tip> tips = new ArrayList<>(List.of(GENESIS));
            for (int n = 0; n < 4; n++) {
                Tip tip = tips.get(n);
                Quant quant = Samples.quant(SPEC, tip, List.of(), StoreFixture.NOW + n);
                storeFixture.offer(SPEC, quant);
                tips.add(StoreFixture.after(SPEC, tip, quant));
            }
            Quant far = Samples.quant(SPEC, GENESIS, List.of(), StoreFixture.NOW + 99);
            Quant near = Samples.quant(SPEC, tips.get(1), List.of(), StoreFixture.NOW + 99);
            assertThat(reason(storeFixture.offer(SPEC, far))).isEqualTo(Reason.REORGANISATION_TOO_DEEP);
            assertThat(storeFixture.offer(SPEC, near)).isInstanceOf(Verdict.Aside.class);
            assertThat(storeFixture.tip(SPEC)).isEqualTo(tips.get(4));
        }
    }

    @Test
    void anotherGenesisQuantIsRefusedAndNotKept() {
        try (StoreFixture storeFixture = StoreFixture.start(data, SPEC)) {
            CompactQuant genesis = new CompactQuant(POW.genesis(), List.of(), List.of());
            assertThat(reason(storeFixture.ask(APPEND, Append.foreign(SPEC.id(), genesis, List.of()))))
                    .isEqualTo(Reason.QUANT_CHAIN);
            CompactQuant own = new CompactQuant(SPEC.genesis(), List.of(), List.of());
            assertThat(storeFixture.ask(APPEND, Append.foreign(SPEC.id(), own, List.of())))
                    .isEqualTo(new Verdict.Known(SPEC.id()));
        }
    }

    private static Reason reason(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).refusal().reason();
    }
}
