package io.qbc.node;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.INJECT;
import static io.qbc.bus.Catalogue.LEAP;
import static io.qbc.bus.Catalogue.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Bang;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindSigningRecord;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.node.LinkedNodes.Member;
import io.qbc.persistence.verify.Verify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains under engines with promises, made by several nodes with real stores. */
class EnginesTest {
    private static final List<Signer> SIGNERS =
            List.of(Samples.SIGNER, Samples.OTHER, Ed25519.signer(Samples.seed("third")));
    private static final Bytes[] KEYS = SIGNERS.stream().map(Signer::key).toArray(Bytes[]::new);
    private static final NodeConfig.Leap SOON = new NodeConfig.Leap(0, 0, Duration.ofMillis(50), 64);

    /** Nobody leaps by itself, so that whoever seals next is whom the test asks. */
    private static final NodeConfig.Leap ASKED_ONLY = new NodeConfig.Leap(0, 0, Duration.ZERO, 64);
    /** A slot, in milliseconds. */
    private static final long PERIOD = Patience.stretchMillis(100);

    @TempDir
    Path data;

    @Test
    void signersInTurnMakeAChainThatGetsFinal() {
        ChainSpec spec = Samples.engine("poa", "poa", Map.of("period", PERIOD, "delay", PERIOD / 2), KEYS);
        try (LinkedNodes nodes = new LinkedNodes()) {
            List<Member> members = started(nodes, ASKED_ONLY, spec);
            int injected = 0;
            int leaps = 0;
            while (status(members.get(0), spec).finality() < 3) {
                inject(members.get(injected % 3), spec, injected++);
                leap(members.get(leaps++ % 3), spec);
            }
            while (sealed(members.get(1), spec) < injected) {
                leap(members.get(leaps++ % 3), spec);
            }
            assertThat(sealed(members.get(1), spec)).isEqualTo(injected);
            await().until(() -> equal(members, spec));
            assertThat(members).allSatisfy(member -> {
                assertThat(promise(member, spec).slot()).isPositive();
                assertThat(promise(member, spec).target()).isPositive();
            });
            assertOneSealASlot(members.get(2), spec, PERIOD);
        }
        assertSound();
    }

    @Test
    void holdersVoteByThemselves() {
        ChainSpec spec = Samples.engine("pos", "pos", Map.of("period", PERIOD, "epoch", 3L), KEYS);
        try (LinkedNodes nodes = new LinkedNodes()) {
            List<Member> members = started(nodes, SOON, spec);
            int n = 0;
            while (status(members.get(0), spec).finality() < 3) {
                long height = members.get(0).tip(spec).head().height();
                inject(members.get(n++ % 3), spec, n);
                await().until(() -> members.get(0).tip(spec).head().height() > height);
            }
            assertOneSealASlot(members.get(1), spec, PERIOD);
        }
        assertSound();
    }

    @Test
    void aNodeThatLostItsDiskDoesNotSignTwice() {
        ChainSpec spec = Samples.engine("poa", "poa", Map.of("period", PERIOD, "delay", PERIOD / 2), KEYS);
        try (LinkedNodes nodes = new LinkedNodes()) {
            List<Member> members = started(nodes, ASKED_ONLY, spec);
            for (int n = 0; n < 7; n++) {
                inject(members.get(n % 3), spec, n);
                leap(members.get(n % 3), spec);
            }
            await().until(() -> equal(members, spec));
            SigningRecord before = promise(members.get(2), spec);
            nodes.stop(members.get(2));
            Member wiped = nodes.start(data.resolve("wiped"), SIGNERS.get(2), ASKED_ONLY, spec);
            nodes.hand(members.get(0), spec.id());
            await().until(() -> equal(List.of(members.get(0), wiped), spec));
            assertThat(leap(wiped, spec)).isNotNull();
            assertThat(promise(wiped, spec).slot()).isGreaterThan(before.slot());
            assertThat(promise(wiped, spec).target()).isGreaterThanOrEqualTo(before.target());
            List<Member> all = List.of(members.get(0), members.get(1), wiped);
            await().until(() -> equal(all, spec));
            assertThat(status(wiped, spec).offences()).isEmpty();
        }
    }

    @Test
    void aChainThatComesLaterIsMinedAndItsHintsCount() {
        ChainSpec main = Samples.pow("main");
        ChainSpec basic = Samples.dbc("later");
        ChainSpec later = new ChainSpec(
                "later",
                "",
                basic.genesisTime(),
                basic.consensus(),
                basic.limits(),
                new ChainSpec.LeapHints(3, 0, 0),
                Optional.empty(),
                Bytes.EMPTY,
                0,
                Bytes.utf8("{\"hints\":3}"));
        try (LinkedNodes nodes = new LinkedNodes()) {
            Member only = nodes.start(data.resolve("0"), Samples.SIGNER, SOON, main);
            only.ask(BANG, new Bang(later));
            inject(only, later, 1);
            inject(only, later, 2);
            inject(only, main, 1);
            await().until(() -> only.tip(main).head().height() == 1);
            assertThat(only.tip(later).head().height()).isZero();
            inject(only, later, 3);
            await().until(() -> only.tip(later).head().height() == 1);
            assertThat(only.ask(LEAP, new Leap(later.id()))).isInstanceOf(Leaped.class);
        }
    }

    @Test
    void whoSignsTwiceIsBroughtIntoTheChain() {
        ChainSpec spec = Samples.engine("poa", "poa", Map.of("period", PERIOD, "delay", PERIOD / 2), KEYS);
        try (LinkedNodes nodes = new LinkedNodes()) {
            Member one = nodes.start(data.resolve("0"), SIGNERS.get(0), SOON, spec);
            Member two = nodes.start(data.resolve("1"), SIGNERS.get(1), SOON, spec);
            long now = System.currentTimeMillis() / PERIOD * PERIOD + PERIOD / 2;
            for (int n = 0; n < 2; n++) {
                Quant quant = sealed(spec, SIGNERS.get(2), now, Samples.transaction(spec, n));
                one.ask(APPEND, Append.foreign(spec.id(), quant.compactQuant(), quant.transactions()));
            }
            await().until(() -> !status(two, spec).offences().isEmpty());
            assertThat(status(two, spec).participants())
                    .filteredOn(Status.Participant::barred)
                    .extracting(Status.Participant::key)
                    .containsExactly(KEYS[2]);
        }
    }

    /** Leaps; a slot that passed while the machine was busy is no failure, since another one comes. */
    private static Leaped leap(Member member, ChainSpec spec) {
        return await().ignoreExceptions().until(() -> member.ask(LEAP, new Leap(spec.id())), Objects::nonNull);
    }

    private static Quant sealed(ChainSpec spec, Signer signer, long now, Transaction content) {
        Engine engine = Engines.of(spec.consensus()).orElseThrow();
        Draft draft = Draft.on(
                Tip.genesis(spec), spec.id(), List.of(content.id()), engine, signer, new SigningRecord(-1, 0, 9), now);
        Sealed sealed = engine.seal(draft.header(), signer, 0).step(1).orElseThrow();
        return new Quant(sealed.header(), sealed.seals(), List.of(content));
    }

    private List<Member> started(LinkedNodes nodes, NodeConfig.Leap policy, ChainSpec spec) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < SIGNERS.size(); i++) {
            members.add(nodes.start(data.resolve("node" + i), SIGNERS.get(i), policy, spec));
        }
        return members;
    }

    private static void inject(Member member, ChainSpec spec, int n) {
        Submission submission = new Submission(Samples.transaction(spec, n));
        member.ask(INJECT, new Inject(spec.id(), List.of(submission), Origin.CLIENT));
    }

    private static Status status(Member member, ChainSpec spec) {
        return member.ask(FIND_CONSENSUS, new FindConsensus(spec.id()));
    }

    private static SigningRecord promise(Member member, ChainSpec spec) {
        return member.ask(FIND_SIGNING_RECORD, new FindSigningRecord(spec.id()));
    }

    private static boolean equal(List<Member> members, ChainSpec spec) {
        Hash head = members.get(0).tip(spec).head().hash();
        return members.stream()
                .allMatch(member -> member.tip(spec).head().hash().equals(head));
    }

    private static List<Catalogue.Piece> pieces(Member member, ChainSpec spec) {
        return member.ask(READ, new Catalogue.Read(spec.id(), new Cursor(1, 0), 1 << 24, 10_000))
                .pieces();
    }

    /** How many of the clients' transactions are in the chain. */
    private static long sealed(Member member, ChainSpec spec) {
        return pieces(member, spec).stream()
                .flatMap(piece -> piece.transactions().stream())
                .map(Transaction::id)
                .distinct()
                .count();
    }

    private static void assertOneSealASlot(Member member, ChainSpec spec, long period) {
        Map<Bytes, HashSet<Long>> slots = new HashMap<>();
        for (Catalogue.Piece piece : pieces(member, spec)) {
            Bytes producer = piece.quant().header().producer();
            long slot = piece.quant().header().timestamp() / period;
            assertThat(slots.computeIfAbsent(producer, key -> new HashSet<>()).add(slot))
                    .isTrue();
        }
    }

    private void assertSound() {
        for (int i = 0; i < SIGNERS.size(); i++) {
            Path directory = data.resolve("node" + i);
            assertThat(Verify.run(directory, Samples.config(directory, 0), spec -> DataRules.NONE, progress -> {})
                            .findings())
                    .isEmpty();
        }
    }
}
