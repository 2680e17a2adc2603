package io.qbc.consensus;

import io.qbc.Samples;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A chain of some engine with its participants, to make and judge quants by hand. */
public final class Lab {
    private final ChainSpec spec;
    private final Engine engine;
    private final QuantRules rules;
    private final List<Signer> signers;
    private int orders;

    private Lab(ChainSpec spec, List<Signer> signers) {
        this.spec = spec;
        this.signers = signers;
        engine = Engines.of(spec.consensus()).orElseThrow();
        rules = new QuantRules(spec, engine, CheapSigner.VERIFIER, 1L << 40);
    }

    /** A chain whose spec lists {@code participants} keys, or none. */
    public static Lab of(String engine, int participants, Map<String, Long> numbers, Long... stakes) {
        List<Signer> signers = IntStream.range(0, Math.max(participants, 3))
                .mapToObj(i -> CheapSigner.of("signer" + i))
                .toList();
        List<Bytes> keys = signers.stream().map(Signer::key).limit(participants).toList();
        ChainSpec.Consensus consensus = new ChainSpec.Consensus(engine, new TreeMap<>(numbers), keys, List.of(stakes));
        ChainSpec.Limits limits = new ChainSpec.Limits(1 << 20, 64 << 20, 100_000);
        Bytes document = Bytes.utf8("{\"engine\":\"" + engine + "\"}");
        return new Lab(new ChainSpec("lab", "", Samples.GENESIS_TIME, consensus, limits, document), signers);
    }

    /** The same chain as another node sees it. */
    public Lab again() {
        return new Lab(spec, signers);
    }

    public ChainSpec spec() {
        return spec;
    }

    public Engine engine() {
        return engine;
    }

    public List<Signer> signers() {
        return signers;
    }

    public Signer signer(int i) {
        return signers.get(i);
    }

    /** The signer of a key. */
    public Signer signer(Bytes key) {
        return signers.stream()
                .filter(signer -> signer.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    public Tip genesis() {
        return Tip.genesis(spec);
    }

    public Header draft(Tip parent, Signer signer, SigningRecord signingRecord, long now, List<Transaction> content) {
        return Draft.on(
                        parent,
                        spec.id(),
                        content.stream().map(Transaction::id).toList(),
                        engine,
                        signer,
                        signingRecord,
                        now)
                .header();
    }

    public Quant seal(Header draft, Signer signer, List<Transaction> content) {
        Sealed sealed = engine.seal(draft, signer, 0).step(Integer.MAX_VALUE).orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), content);
    }

    /** A quant, whether it is due or not. */
    public Quant make(Tip parent, Signer signer, long now, Transaction... content) {
        return make(parent, signer, SigningRecord.NONE, now, List.of(content));
    }

    public Quant make(Tip parent, Signer signer, SigningRecord signingRecord, long now, List<Transaction> content) {
        return seal(draft(parent, signer, signingRecord, now, content), signer, content);
    }

    public Outcome judge(Tip parent, Quant quant) {
        return judge(parent, quant.compactQuant(), EngineOperation.among(quant.transactions()));
    }

    public Outcome judge(Tip parent, CompactQuant quant, List<EngineOperation> content) {
        return rules.judge(parent, quant, content, 0, quant.header().timestamp());
    }

    /** The tip after a quant that must be valid. */
    public Tip after(Tip parent, Quant quant) {
        Outcome outcome = judge(parent, quant);
        if (outcome instanceof Outcome.Broken broken) {
            throw new AssertionError(broken.refusal());
        }
        return ((Outcome.Valid) outcome).tip();
    }

    /** Who may make a quant on this tip first, and when, none of them being late. */
    public Tip leap(Tip parent, Map<Bytes, SigningRecord> signingRecords, long now, List<Transaction> content) {
        Signer first = null;
        long due = Long.MAX_VALUE;
        for (Signer signer : signers) {
            Turn turn = engine.turn(parent.parent(), signer.key(), now);
            long at = turn instanceof Turn.Now ? now : turn instanceof Turn.At later ? later.timestamp() : due;
            if (at < due) {
                first = signer;
                due = at;
            }
        }
        if (due > now) {
            return leap(parent, signingRecords, due, content);
        }
        SigningRecord before = signingRecords.getOrDefault(first.key(), SigningRecord.NONE);
        Quant quant = make(parent, first, before, now, content);
        engine.promise(quant.header(), before)
                .ifPresent(after -> signingRecords.put(quant.header().producer(), after));
        return after(parent, quant);
    }

    /** Signed votes that the participants owe on this tip. */
    public List<Transaction> duties(Tip tip, Map<Bytes, SigningRecord> signingRecords) {
        List<Transaction> votes = new ArrayList<>();
        for (Signer signer : signers) {
            SigningRecord before = signingRecords.getOrDefault(signer.key(), SigningRecord.NONE);
            Optional<Duty> duty = engine.duty(tip.parent(), signer.key(), before);
            duty.ifPresent(owed -> {
                signingRecords.put(signer.key(), owed.signingRecord());
                votes.add(order(signer, owed.type(), owed.payload().text()));
            });
        }
        return votes;
    }

    /** A signed transaction of this type. */
    public Transaction order(Signer author, String type, String json) {
        Bytes payload = Bytes.utf8(json);
        int number = orders++;
        Bytes salt = Bytes.wrap(Samples.seed("salt" + number)).slice(0, Transaction.SALT_BYTES);
        Body body = new Body(
                Canonical.VERSION,
                spec.id(),
                Samples.GENESIS_TIME + number,
                Bytes.wrap(Sha256.of(author.key().toArray(), new byte[] {(byte) (number >> 8), (byte) number})
                        .bytes()),
                author.key(),
                Bytes.utf8(type),
                0,
                Canonical.commitment(salt, payload),
                payload.size());
        Transaction bare = Transaction.of(body, salt, Bytes.EMPTY, payload);
        return Transaction.of(body, salt, author.sign(Canonical.transactionSigned(bare.id())), payload);
    }
}
