package io.qbc.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import org.junit.jupiter.api.Test;

class ForkReaderTest {
    private static final ChainSpec PARENT = ChainSpecReader.read(
            Bytes.utf8("{\"name\":\"a\",\"description\":\"d\",\"consensus\":{\"engine\":\"dbc\"},"
                    + "\"rules\":{\"schema\":{\"type\":\"object\"}}}"),
            "parent",
            Samples.SIGNER.key(),
            5);
    private static final ChainSpec.ForkPoint POINT = new ChainSpec.ForkPoint(PARENT.id(), 3, Hash.ZERO, 7, Hash.ZERO);

    @Test
    void whatTheRequestLeavesOutIsTheParents() {
        ChainSpec fork = fork("{\"at\":3,\"name\":\"b\"}");
        assertThat(fork.name()).isEqualTo("b");
        assertThat(fork.description()).isEqualTo("d");
        assertThat(fork.genesisTime()).isEqualTo(9);
        assertThat(fork.consensus()).isEqualTo(PARENT.consensus());
        assertThat(fork.rules()).isEqualTo(PARENT.rules());
        assertThat(fork.rulesVersion()).isEqualTo(1);
        assertThat(fork.fork()).contains(POINT);
        assertThat(fork.id()).isNotEqualTo(PARENT.id());
        assertThat(ChainSpecReader.read(fork.document(), "again")).isEqualTo(fork);
    }

    @Test
    void newRulesHaveTheNextVersionAndANewEngineItsDefaults() {
        ChainSpec fork = fork("{\"name\":\"b\",\"consensus\":{\"engine\":\"poa\"},\"rules\":{\"schema\":true}}");
        assertThat(fork.rulesVersion()).isEqualTo(2);
        assertThat(fork.consensus().participants()).containsExactly(Samples.OTHER.key());
        assertThat(ChainSpecReader.read(fork.document(), "again")).isEqualTo(fork);
    }

    @Test
    void aWrongRequestIsRefused() {
        assertThatThrownBy(() -> fork("{}")).isInstanceOf(SpecException.class).hasMessageContaining("/name is missing");
        assertThatThrownBy(() -> fork("{\"name\":\"b\",\"fork\":{}}")).hasMessageContaining("/fork is unknown");
        assertThatThrownBy(() -> fork("{\"name\":\"b\",\"rules\":{\"version\":7,\"schema\":true}}"))
                .hasMessageContaining("/rules/version must be a whole number of 2 to 2");
        assertThatThrownBy(() -> fork("{\"name\":\"B\",\"fork\":{},\"consensus\":{\"engine\":\"luck\"}}"))
                .isInstanceOfSatisfying(
                        SpecException.class,
                        refused -> assertThat(refused.refusal().pointers())
                                .containsExactly("/fork", "/name", "/consensus/engine"));
    }

    private static ChainSpec fork(String request) {
        return ForkReader.read(Bytes.utf8(request), "request", PARENT, POINT, Samples.OTHER.key(), 9);
    }
}
