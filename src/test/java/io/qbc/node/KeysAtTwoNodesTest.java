package io.qbc.node;

import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static io.qbc.bus.Catalogue.INJECT;
import static io.qbc.bus.Catalogue.LEAP;
import static io.qbc.bus.Catalogue.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Catalogue.Superseded;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.node.LinkedNodes.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients give the same keys to two nodes, linked and cut: the chain has each once, and nothing vanishes. */
class KeysAtTwoNodesTest {
    private static final NodeConfig.Leap ASKED_ONLY = new NodeConfig.Leap(0, 0, Duration.ZERO, 64);
    private static final ChainSpec SPEC = Samples.pow("main");
    private static final int ROUNDS = 60;
    private static final int KEYS = 20;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Map<Hash, Member> acceptedBy = new HashMap<>();

    @TempDir
    Path data;

    @Test
    void eachKeyIsOnceInTheChainAndWhoLostReadsWhatStands() {
        try (LinkedNodes nodes = new LinkedNodes()) {
            List<Member> members = List.of(
                    nodes.start(data.resolve("0"), Samples.SIGNER, ASKED_ONLY, SPEC),
                    nodes.start(data.resolve("1"), Samples.OTHER, ASKED_ONLY, SPEC));
            for (int round = 0; round < ROUNDS; round++) {
                Member member = members.get(random.nextInt(2));
                switch (random.nextInt(6)) {
                    case 0 -> members.get(0).cut = !members.get(0).cut;
                    case 1 -> member.ask(LEAP, new Leap(SPEC.id()));
                    default -> inject(member, round);
                }
            }
            members.get(0).cut = false;
            members.forEach(member -> member.ask(LEAP, new Leap(SPEC.id())));
            await().until(() -> {
                members.forEach(member -> nodes.hand(member, SPEC.id()));
                return heads(members).size() == 1;
            });
            // What a reorganisation gave back waits for one more.
            members.forEach(member -> {
                member.ask(LEAP, new Leap(SPEC.id()));
                await().until(() -> {
                    nodes.hand(member, SPEC.id());
                    return heads(members).size() == 1;
                });
            });
            assertOnce(members.get(0));
            assertThat(acceptedBy).as("seed %d", seed).isNotEmpty();
            acceptedBy.forEach(this::assertSettled);
        }
    }

    private void inject(Member member, int n) {
        String key = "order-" + random.nextInt(KEYS);
        Transaction transaction = Samples.keyed(SPEC, n, key, "{\"a\":" + random.nextInt(2) + "}");
        Admission admission = member.ask(
                        INJECT, new Inject(SPEC.id(), List.of(new Submission(transaction, true)), Origin.CLIENT))
                .admissions()
                .get(0);
        if (admission instanceof Accepted accepted) {
            acceptedBy.put(accepted.id(), member);
        } else if (admission instanceof Repeated repeated) {
            acceptedBy.put(repeated.id(), member);
        } else {
            assertThat(admission).isInstanceOf(Declined.class);
        }
    }

    private static Set<Hash> heads(List<Member> members) {
        Set<Hash> heads = new HashSet<>();
        members.forEach(member -> heads.add(member.tip(SPEC).head().hash()));
        return heads;
    }

    private void assertOnce(Member member) {
        List<Bytes> keys = new ArrayList<>();
        member.ask(READ, new Read(SPEC.id(), new Cursor(1, 0), 1 << 24, 10_000)).pieces().stream()
                .flatMap(piece -> piece.transactions().stream())
                .forEach(transaction -> keys.add(transaction.body().key()));
        assertThat(keys).as("seed %d", seed).isNotEmpty().doesNotHaveDuplicates();
    }

    private void assertSettled(Hash id, Member member) {
        Located located = locate(member, id);
        assertThat(located).as("seed %d", seed).isNotInstanceOf(Pending.class);
        if (located instanceof Superseded superseded) {
            Located standing = locate(member, superseded.standing());
            assertThat(standing).as("seed %d", seed).isInstanceOf(Committed.class);
            Transaction stands = ((Committed) standing).transaction();
            assertThat(stands.body().key())
                    .isEqualTo(superseded.transaction().body().key());
            assertThat(superseded.same())
                    .isEqualTo(stands.payload().equals(superseded.transaction().payload()));
        } else {
            assertThat(located).as("seed %d", seed).isInstanceOf(Committed.class);
        }
    }

    private static Located locate(Member member, Hash id) {
        return member.ask(FIND_TRANSACTIONS, new FindTransactions(SPEC.id(), List.of(id)))
                .places()
                .get(0);
    }
}
