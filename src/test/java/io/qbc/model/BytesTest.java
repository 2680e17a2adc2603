package io.qbc.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.json.Utf8;
import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void isAViewOfItsPart() {
        byte[] array = {9, 1, 2, 3, 4, 9};
        Bytes view = Bytes.wrap(array, 1, 4);
        assertThat(view.size()).isEqualTo(4);
        assertThat(view.array()).isSameAs(array);
        assertThat(view.offset()).isEqualTo(1);
        assertThat(view.toArray()).containsExactly(1, 2, 3, 4);
        assertThat(view.hex()).isEqualTo("01020304").isEqualTo(view.toString());
        assertThat(view.slice(1, 2).toArray()).containsExactly(2, 3);
        assertThat(view.slice(1, 3).slice(1, 2).toArray()).containsExactly(3, 4);
        assertThat(view.slice(4, 0)).isEqualTo(Bytes.EMPTY);
        assertThat(view.isEmpty()).isFalse();
        assertThat(Bytes.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void equalsByContent() {
        Bytes view = Bytes.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
        assertThat(view).isEqualTo(Bytes.hex("0102")).hasSameHashCodeAs(Bytes.hex("0102"));
        assertThat(view)
                .isNotEqualTo(Bytes.hex("0103"))
                .isNotEqualTo(Bytes.hex("010209"))
                .isNotEqualTo("0102");
        assertThat(Bytes.utf8("é😀").hex()).isEqualTo("c3a9f09f9880");
        assertThat(Bytes.utf8("é😀").text()).isEqualTo("é😀");
    }

    @Test
    void refusesAnythingOutside() {
        byte[] array = new byte[4];
        Bytes view = Bytes.wrap(array, 1, 2);
        int[][] outside = {{-1, 1}, {0, -1}, {3, 2}, {5, 0}, {1, Integer.MAX_VALUE}, {Integer.MAX_VALUE, 1}};
        for (int[] part : outside) {
            assertThatThrownBy(() -> Bytes.wrap(array, part[0], part[1])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> view.slice(part[0], part[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> view.slice(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void knowsUtf8() {
        assertThat(Utf8.wellFormed(Bytes.EMPTY)).isTrue();
        assertThat(Utf8.wellFormed(Bytes.utf8("order/1 é 語 😀 \u0000"))).isTrue();
        for (String bad : new String[] {"80", "61c3", "c0af", "eda080", "f4908080", "e282", "ff61"}) {
            assertThat(Utf8.wellFormed(Bytes.hex(bad))).as(bad).isFalse();
        }
        assertThat(Utf8.wellFormed(Bytes.hex("c3a9c3").slice(0, 2))).isTrue();
        assertThat(Utf8.wellFormed(Bytes.hex("c3a9").slice(0, 1))).isFalse();
    }
}
