package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NumberGameTest {
    private static final BigInteger NINETEEN = BigInteger.valueOf(19);
    private final Lab lab = Lab.of("classic", 0, Map.of("bytes", 8L));

    private List<Header> play(int quants) {
        List<Header> headers = new ArrayList<>();
        Tip tip = lab.genesis();
        for (int i = 1; i <= quants; i++) {
            Quant quant = lab.make(tip, lab.signer(0), Samples.GENESIS_TIME + i);
            headers.add(quant.header());
            tip = lab.after(tip, quant);
        }
        return headers;
    }

    @Test
    void countsAsTheOriginalDid() {
        assertThat(play(6).stream().map(header -> number(header.consensus())))
                .extracting(BigInteger::longValue)
                .containsExactly(19L, 38L, 76L, 152L, 304L, 608L);
    }

    @Test
    void dividesAsTheOriginalChecked() {
        BigInteger last = BigInteger.ONE;
        for (Header header : play(30)) {
            BigInteger proof = number(header.proof());
            assertThat(proof.mod(NINETEEN)).isZero();
            assertThat(proof.mod(last)).isZero();
            last = number(header.consensus());
        }
    }

    @Test
    void beginsAnewBeforeTheNumberGetsTooLong() {
        List<BigInteger> numbers =
                play(130).stream().map(header -> number(header.consensus())).toList();
        assertThat(numbers).allMatch(number -> number.bitLength() <= 64);
        assertThat(numbers.get(59)).isEqualTo(NINETEEN.shiftLeft(59));
        assertThat(numbers.get(60)).isEqualTo(NINETEEN);
        assertThat(numbers.get(120)).isEqualTo(NINETEEN);
    }

    @Test
    void refusesAProofOfOtherContentAndAnotherNumber() {
        Tip tip = lab.genesis();
        Quant quant = lab.make(tip, lab.signer(0), Samples.GENESIS_TIME + 1);
        Header other = HeaderEdit.of(quant.header(), h -> h.timestamp++);
        assertThat(reason(tip, other)).isEqualTo(Reason.PROOF_INVALID);
        Header next = HeaderEdit.of(quant.header(), h -> h.consensus = Bytes.hex("26"));
        assertThat(reason(tip, next)).isEqualTo(Reason.CONSENSUS_FIELDS);
        Header padded = HeaderEdit.of(quant.header(), h -> h.proof = Bytes.hex("00" + h.proof.hex()));
        assertThat(reason(tip, padded)).isEqualTo(Reason.PROOF_INVALID);
    }

    private Reason reason(Tip tip, Header header) {
        Outcome outcome = lab.judge(tip, new CompactQuant(header, List.of(), List.of()), List.of());
        return ((Outcome.Broken) outcome).refusal().reason();
    }

    private static BigInteger number(Bytes bytes) {
        return new BigInteger(1, bytes.toArray());
    }
}
