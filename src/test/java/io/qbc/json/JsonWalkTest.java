package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.model.Bytes;
import org.junit.jupiter.api.Test;

class JsonWalkTest {
    @Test
    void tellsEveryValueInItsOrder() {
        Spoken spoken = new Spoken();
        String text = " { \"a\" : [ 1 , -0.50e+3 , \"x\\n\\u00e9\\ud83d\\ude00é\" , [] , {} ] , \"\\\"\" : true ,"
                + "\"f\":false,\"n\":null } ";
        JsonWalk.walk(Bytes.utf8(text), spoken);
        assertThat(spoken.out.toString()).isEqualTo("{a:[1;-0.50e+3;'x\né\ud83d\ude00é';[];{};]\":truef:falsen:null}");
    }

    @Test
    void aScalarIsAValueToo() {
        Spoken spoken = new Spoken();
        JsonWalk.walk(Bytes.utf8(" \"\" "), spoken);
        assertThat(spoken.out).hasToString("''");
    }

    @Test
    void whatIsNotJsonWasNotReadStrictly() {
        for (String text : new String[] {"", "{", "[1", "{\"a\" 1}", "nul", "x", "\"a"}) {
            assertThatThrownBy(() -> JsonWalk.walk(Bytes.utf8(text), new Spoken()))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static final class Spoken implements JsonEvents {
        private final StringBuilder out = new StringBuilder();

        @Override
        public void openObject() {
            out.append('{');
        }

        @Override
        public void name(String name) {
            out.append(name).append(':');
        }

        @Override
        public void closeObject() {
            out.append('}');
        }

        @Override
        public void openArray() {
            out.append('[');
        }

        @Override
        public void endItem() {
            out.append(';');
        }

        @Override
        public void closeArray() {
            out.append(']');
        }

        @Override
        public void text(String text) {
            out.append('\'').append(text).append('\'');
        }

        @Override
        public void number(String text) {
            out.append(text);
        }

        @Override
        public void flag(boolean flag) {
            out.append(flag);
        }

        @Override
        public void nothing() {
            out.append("null");
        }
    }
}
