package io.qbc.ledger.leap;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.ledger.leap.SlashingProtection.Standing;
import io.qbc.ledger.leap.SlashingProtection.Standing.Known;
import io.qbc.ledger.leap.SlashingProtection.Standing.Open;
import io.qbc.ledger.leap.SlashingProtection.Standing.Quiet;
import io.qbc.model.ChainSpec;
import io.qbc.model.Head;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A key whose promises may be lost, or older than they could be")
class SlashingProtectionTest {
    private static final long LISTENING_MILLIS = 3000;
    private static final Optional<Boolean> NOBODY = Optional.empty();
    private static final Optional<Boolean> LEVEL = Optional.of(false);
    private static final Optional<Boolean> AHEAD = Optional.of(true);
    private static final ChainSpec SPEC = Samples.engine(
            "poa", "poa", Map.of("period", 100L, "delay", 50L), Samples.SIGNER.key(), Samples.OTHER.key());
    private static final Engine ENGINE = Engines.of(SPEC.consensus()).orElseThrow();
    private static final Tip TIP = Tip.genesis(SPEC);
    private static final SigningRecord STORED = new SigningRecord(7, 1, 2);

    private final List<LeapEffect> effects = new ArrayList<>();
    private long now = Samples.GENESIS_TIME + 60_000;
    private SlashingProtection protection = protection(false);

    @Test
    @DisplayName("binds itself only when it has listened, and a peer has no more of the chain than is here")
    void listens() {
        readNothing();
        assertThat(standing()).isEqualTo(new Quiet(now + LISTENING_MILLIS));
        refusedFor(NOBODY);
        refusedFor(AHEAD);
        now += LISTENING_MILLIS;
        assertThat(standing()).isEqualTo(new Open());
        assertThat(heard(LEVEL)).isTrue();
        SigningRecord first = ENGINE.forgotten(TIP.parent(), now);
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.KeepSigningRecord(SigningRecord.NONE, first));
        assertThat(protection.is(first)).as("before it is stored").isFalse();
        protection.kept(true);
        assertThat(standing()).isEqualTo(new Known(first));
    }

    @Test
    @DisplayName("listens on, and asks again, as long as old quants come in")
    void oldQuants() {
        readNothing();
        now += LISTENING_MILLIS;
        standing();
        assertThat(heard(LEVEL)).isTrue();
        protection.headMoved(TIP.head(), 0, now);
        assertThat(standing()).isEqualTo(new Quiet(now + LISTENING_MILLIS));
        now += LISTENING_MILLIS;
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.AskPeers());
    }

    @Test
    @DisplayName("does not wait for peers where nobody else could know")
    void alone() {
        protection = protection(true);
        readNothing();
        now += LISTENING_MILLIS;
        standing();
        assertThat(heard(NOBODY)).isTrue();
        standing();
        assertThat(effects).hasExactlyElementsOfTypes(LeapEffect.KeepSigningRecord.class);
    }

    @Test
    @DisplayName("hears a peer that has more also where nobody need have anything")
    void aloneButBehind() {
        protection = protection(true);
        readNothing();
        refusedFor(AHEAD);
    }

    @Test
    @DisplayName("listens also where a promise is stored, and trusts it if no peer has more than the store had")
    void stored() {
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.ReadSigningRecord());
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).as("asked already").isEmpty();
        protection.read(STORED);
        assertThat(standing()).isEqualTo(new Quiet(now + LISTENING_MILLIS));
        refusedFor(AHEAD);
        now += LISTENING_MILLIS;
        protection.headMoved(made(Samples.OTHER, now), 0, now);
        standing();
        assertThat(heard(LEVEL)).isTrue();
        assertThat(standing()).isEqualTo(new Known(STORED));
        assertThat(effects).isEmpty();
        protection.headMoved(TIP.head(), 1, now);
        assertThat(standing()).as("listens once in a life").isEqualTo(new Known(STORED));
    }

    @Test
    @DisplayName("takes as promised what the chain shows if its store lacked a part of it")
    void olderCopy() {
        protection.headMoved(TIP.head(), 0, now);
        bindsAnew();
    }

    @Test
    @DisplayName("takes as promised what the chain shows if a peer's branch took the place of its store's")
    void otherBranch() {
        protection.headMoved(made(Samples.OTHER, now), 1, now);
        bindsAnew();
    }

    @Test
    @DisplayName("takes as promised what the chain shows if that has a seal of its own that it does not remember")
    void ownSeal() {
        protection.headMoved(made(Samples.SIGNER, now), 0, now);
        bindsAnew();
    }

    private void bindsAnew() {
        standing();
        protection.read(STORED);
        now += LISTENING_MILLIS;
        standing();
        assertThat(heard(LEVEL)).isTrue();
        assertThat(standing()).isEqualTo(new Open());
        SigningRecord after = STORED.covering(ENGINE.forgotten(TIP.parent(), now));
        assertThat(after.slot()).isGreaterThan(STORED.slot());
        assertThat(after.target()).isEqualTo(STORED.target());
        assertThat(effects).containsExactly(new LeapEffect.KeepSigningRecord(STORED, after));
        protection.kept(true);
        assertThat(standing()).isEqualTo(new Known(after));
    }

    @Test
    @DisplayName("seals without votes on a stored promise where no peer can be heard, until one is")
    void unheard() {
        standing();
        protection.read(STORED);
        now += LISTENING_MILLIS;
        standing();
        assertThat(heard(NOBODY)).isFalse();
        SigningRecord here =
                new SigningRecord(ENGINE.forgotten(TIP.parent(), now).slot(), STORED.source(), STORED.target());
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.KeepSigningRecord(STORED, here));
        protection.kept(true);
        SigningRecord noVotes = new SigningRecord(here.slot(), Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(standing()).isEqualTo(new Known(here, noVotes));
        now += LISTENING_MILLIS;
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.AskPeers());
        assertThat(heard(NOBODY)).isFalse();
        assertThat(standing()).as("the slot is bound once").isEqualTo(new Known(here, noVotes));
        now += LISTENING_MILLIS;
        standing();
        assertThat(heard(LEVEL)).isTrue();
        assertThat(standing()).isEqualTo(new Known(here));
    }

    /** A head that a key made on the tip. */
    private static Head made(Signer signer, long time) {
        Draft draft = Draft.on(TIP, SPEC.id(), List.of(), ENGINE, signer, SigningRecord.NONE, time);
        return new Head(draft.header().hash(), draft.header(), BigInteger.ONE);
    }

    @Test
    @DisplayName("reads its promise again when nobody knows whether the next one was stored")
    void unsure() {
        for (Runnable unsure : List.<Runnable>of(() -> protection.kept(false), () -> protection.failed())) {
            standing();
            protection.read(STORED);
            protection.keep(STORED, new SigningRecord(8, 1, 2), effects);
            assertThat(protection.busy()).isTrue();
            unsure.run();
            assertThat(protection.is(STORED)).isFalse();
            assertThat(standing()).isEqualTo(new Open());
            assertThat(effects).containsExactly(new LeapEffect.ReadSigningRecord());
            protection.read(STORED);
        }
    }

    private void readNothing() {
        standing();
        protection.read(SigningRecord.NONE);
    }

    private void refusedFor(Optional<Boolean> ahead) {
        now += LISTENING_MILLIS;
        assertThat(standing()).isEqualTo(new Open());
        assertThat(effects).containsExactly(new LeapEffect.AskPeers());
        assertThat(heard(ahead)).isFalse();
        assertThat(standing())
                .isInstanceOfSatisfying(
                        Quiet.class, quiet -> assertThat(quiet.until()).isGreaterThan(now));
    }

    private boolean heard(Optional<Boolean> ahead) {
        return protection.heard(ahead, now);
    }

    private SlashingProtection protection(boolean alone) {
        return new SlashingProtection(ENGINE, Samples.SIGNER.key(), new Listening(LISTENING_MILLIS, alone), now);
    }

    private Standing standing() {
        effects.clear();
        return protection.standing(TIP, now, effects);
    }
}
