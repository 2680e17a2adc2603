package io.qbc.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.merkle.Frontier;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Header;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TipTest {
    private static final ChainSpec SPEC = Samples.pow("main");
    private static final Engine ENGINE = Engines.of(SPEC.consensus()).orElseThrow();

    @Test
    void beginsWithTheGenesisQuant() {
        Tip tip = Tip.genesis(SPEC);
        assertThat(tip.head().hash()).isEqualTo(SPEC.id());
        assertThat(tip.head().height()).isZero();
        assertThat(tip.head().weight()).isEqualTo(BigInteger.ZERO);
        assertThat(tip.frontier()).isEqualTo(Frontier.EMPTY);
        assertThat(tip.medianTime()).isEqualTo(Samples.GENESIS_TIME);
    }

    /** The middle one of the last 11; of an even number the later of the two in the middle. */
    @Test
    void takesTheMedianOfTheLastEleven() {
        Random random = Chance.random();
        Tip tip = Tip.genesis(SPEC);
        List<Long> all = new ArrayList<>(List.of(Samples.GENESIS_TIME));
        for (int i = 1; i <= 200; i++) {
            long time = Samples.GENESIS_TIME + random.nextInt(1000);
            Header header = HeaderEdit.of(SPEC.genesis(), h -> {
                h.height = all.size();
                h.timestamp = time;
            });
            tip = tip.next(header, header.hash(), Frontier.EMPTY, ENGINE, Bytes.EMPTY);
            all.add(time);
            List<Long> last = new ArrayList<>(all.subList(Math.max(0, all.size() - 11), all.size()));
            Collections.sort(last);
            assertThat(tip.medianTime()).isEqualTo(last.get(last.size() / 2));
            assertThat(tip.times()).hasSize(Math.min(11, all.size())).first().isEqualTo(time);
            assertThat(tip.head().weight()).isEqualTo(BigInteger.valueOf(16L * i));
        }
    }

    @Test
    void draftsAfterTheMedianWhateverTheClockSays() {
        Tip tip = Tip.genesis(SPEC);
        for (long now : new long[] {0, Samples.GENESIS_TIME, Samples.GENESIS_TIME + 1, Samples.GENESIS_TIME + 500}) {
            Draft draft = Draft.on(tip, SPEC.id(), List.of(), ENGINE, Samples.SIGNER, SigningRecord.NONE, now);
            assertThat(draft.header().timestamp()).isEqualTo(Math.max(now, Samples.GENESIS_TIME + 1));
            assertThat(draft.header().previous()).isEqualTo(SPEC.id());
            assertThat(draft.header().height()).isEqualTo(1);
            assertThat(draft.header().root()).isEqualTo(Frontier.EMPTY.root());
        }
    }
}
