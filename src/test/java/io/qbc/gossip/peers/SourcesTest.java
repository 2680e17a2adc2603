package io.qbc.gossip.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourcesTest {
    @Test
    void anAddressOfIPv4IsASource() {
        assertThat(Sources.of("10.0.0.1")).isEqualTo("10.0.0.1").isNotEqualTo(Sources.of("10.0.0.2"));
    }

    @Test
    void ofIPv6TheNetworkIs() {
        assertThat(Sources.of("fd00:1:2:3::1"))
                .isEqualTo(Sources.of("fd00:1:2:3:ffff::9"))
                .isNotEqualTo(Sources.of("fd00:1:2:4::1"));
        assertThat(Sources.of("::1")).isNotEqualTo(Sources.of("::2"));
    }

    @Test
    void anAddressOfIPv4InsideOneOfIPv6IsThatOne() {
        assertThat(Sources.of("::ffff:10.0.0.1")).isEqualTo("10.0.0.1");
    }
}
