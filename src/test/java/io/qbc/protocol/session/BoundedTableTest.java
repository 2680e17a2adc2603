package io.qbc.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import org.junit.jupiter.api.Test;

class BoundedTableTest {
    private final BoundedTable<String> table = new BoundedTable<>(4, entry -> entry.substring(0, 1));

    private void put(String entry) {
        table.put(Bytes.utf8(entry), entry);
    }

    private boolean has(String entry) {
        return table.find(Bytes.utf8(entry)).isPresent();
    }

    @Test
    void theOldestOfWhoHasMostGivesWay() {
        put("b1");
        for (int i = 0; i < 20; i++) {
            put("a" + i);
        }
        assertThat(table.size()).isEqualTo(4);
        assertThat(has("b1")).isTrue();
        assertThat(has("a19")).isTrue();
        assertThat(has("a16")).isFalse();
    }

    @Test
    void whatIsUsedIsNotTheOldest() {
        for (int i = 0; i < 4; i++) {
            put("a" + i);
        }
        table.touch(Bytes.utf8("a0"), "a0");
        put("a4");
        assertThat(has("a0")).isTrue();
        assertThat(has("a1")).isFalse();
    }

    @Test
    void ofSomeNoMoreAreKeptThanToldOf() {
        put("a1");
        put("b1");
        put("a2");
        table.keep(1, entry -> entry.startsWith("a"));
        assertThat(has("a1")).isFalse();
        assertThat(has("a2")).isTrue();
        assertThat(has("b1")).isTrue();
    }
}
