package io.qbc.client.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.model.Bytes;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    @Test
    void anArrayIsReadItemByItem() {
        AnswerReader answer = AnswerReader.of(Bytes.utf8(
                "{\"objects\": [ {\"n\": 1, \"in\": [2, {}]} , {\"n\":3}], \"texts\":[\"a,]\",\"\\\"\\n\"]}"));
        assertThat(answer.objects("objects").stream().map(item -> item.number("n")))
                .containsExactly(1L, 3L);
        assertThat(answer.texts("texts")).containsExactly("a,]", "\"\n");
        assertThat(answer.objects("absent")).isEmpty();
    }

    @Test
    void whatIsNoArrayIsRefused() {
        AnswerReader answer = AnswerReader.of(Bytes.utf8("{\"it\":{\"n\":1}}"));
        assertThatThrownBy(() -> answer.objects("it"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no member it that is an array");
        assertThatThrownBy(() -> answer.texts("it")).isInstanceOf(IllegalArgumentException.class);
    }
}
