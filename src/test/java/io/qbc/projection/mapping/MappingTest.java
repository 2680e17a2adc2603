package io.qbc.projection.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {
    private static final String COLUMN = "{\"pointer\":\"/v\",\"type\":\"text\"}";

    private static Mapping read(String json) {
        return Mapping.read("shop", Bytes.utf8(json));
    }

    private static String table(String members) {
        return "{\"chain\":\"c\",\"tables\":[{" + members + "}]}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                                             | /chain
        {"chain":1}                                                                    | /chain
        {"chain":"c","more":1}                                                         | /more
        {"chain":"c","from":"tail"}                                                    | /from
        {"chain":"c","from":"head","depth":1}                                          | /depth
        {"chain":"c","depth":-1}                                                       | /depth
        {"chain":"c","schema":"Shop"}                                                  | /schema
        {"chain":"c","schema":"pg_x"}                                                  | /schema
        {"chain":"c","schema":"public"}                                                | /schema
        {"chain":"c","onError":"skip"}                                                 | /onError
        {"chain":"c","target":{"kind":"mysql"}}                                        | /target/kind
        {"chain":"c","target":{"kind":"postgresql","url":"jdbc:h2:mem:x","user":"u"}}  | /target/url
        {"chain":"c","target":{"kind":"postgresql","url":"jdbc:postgresql://h/d"}}     | /target/user
        {"chain":"c","tables":{}}                                                      | /tables
        """)
    void whatIsWrongIsSaidWithItsPlace(String json, String pointer) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        MappingException.class, e -> assertThat(e.pointer()).isEqualTo(pointer));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "jdbc:postgresql://h/d?socketFactory=x"                        | /target/url
        "jdbc:postgresql://h/d","passwordFile":"../x"                  | /target/passwordFile
        "jdbc:postgresql://h/d","passwordVariable":"HOME"              | /target/passwordVariable
        """)
    void aTargetHasAPlainUrlAndNamesItsPasswordByAllowedNames(String members, String pointer) {
        whatIsWrongIsSaidWithItsPlace(
                "{\"chain\":\"c\",\"target\":{\"kind\":\"postgresql\",\"user\":\"u\",\"url\":" + members + "}}",
                pointer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "table":"T"                                                                    | table
        "table":"t; DROP TABLE x"                                                      | table
        "table":"qbc_quant"                                                            | table
        "table":"t"                                                                    | columns
        "table":"t","columns":{}                                                       | columns
        "table":"t","columns":{"_leaf":{"pointer":"","type":"text"}}                   | columns/_leaf
        "table":"t","columns":{"a b":{"pointer":"","type":"text"}}                     | columns/a b
        "table":"t","columns":{"a":{"pointer":"x","type":"text"}}                      | columns/a/pointer
        "table":"t","columns":{"a":{"pointer":"/~2","type":"text"}}                    | columns/a/pointer
        "table":"t","columns":{"a":{"each":"/x","type":"text"}}                        | columns/a/each
        "table":"t","columns":{"a":{"type":"text"}}                                    | columns/a/pointer
        "table":"t","columns":{"a":{"pointer":"","type":"varchar"}}                    | columns/a/type
        "table":"t","columns":{"a":{"pointer":"","type":"bigint","default":"x"}}       | columns/a/default
        "table":"t","mode":"latest","columns":{"a":{"pointer":"","type":"text"}}       | key
        "table":"t","key":["/id"],"columns":{"a":{"pointer":"","type":"text"}}         | key
        "table":"t","deleteWhen":{"type":"x"},"columns":{"a":{"pointer":"","type":"text"}} | deleteWhen
        "table":"t","when":{"author":"x"},"columns":{"a":{"pointer":"","type":"text"}} | when/author
        """)
    void theSameInATable(String members, String pointer) {
        assertThatThrownBy(() -> read(table(members)))
                .isInstanceOfSatisfying(
                        MappingException.class, e -> assertThat(e.pointer()).isEqualTo("/tables/0/" + pointer));
    }

    @Test
    void aMappingIsTheSameHoweverItIsWritten() {
        Mapping one = read(table("\"table\":\"t\",\"columns\":{\"a\":" + COLUMN + "}"));
        Mapping other =
                read("{ \"from\":\"final\", \"onError\":\"stop\",\"target\":{},\"tables\":[{\"mode\":\"append\","
                        + "\"columns\":{\"a\":" + COLUMN
                        + "},\"table\":\"t\"}],\"chain\":\"c\",\"schema\":\"shop\",\"version\":0}");
        assertThat(other.hash()).isEqualTo(one.hash());
        assertThat(Mapping.read("shop", one.canonical()).canonical()).isEqualTo(one.canonical());
        Mapping aside = read("{\"chain\":\"c\",\"onError\":\"dead\",\"tables\":[{\"table\":\"t\",\"columns\":{\"a\":"
                + COLUMN + "}}]}");
        assertThat(aside.hash()).isNotEqualTo(one.hash());
        assertThat(aside.rowsHash()).isEqualTo(one.rowsHash());
    }

    private static List<Object> values(String type, String members, String payload) throws MisfitException {
        Mapping mapping = read(table(
                "\"table\":\"t\",\"columns\":{\"a\":{\"pointer\":\"/v\",\"type\":\"" + type + "\"" + members + "}}"));
        return new RowMaker(mapping).changes("any", Bytes.utf8(payload)).get(0).values();
    }

    @Test
    void valuesBecomeThoseOfColumns() throws MisfitException {
        assertThat(values("text", "", "{\"v\":\"x\"}")).containsExactly("x");
        assertThat(values("text", "", "{\"v\":1.50}")).containsExactly("1.50");
        assertThat(values("bigint", "", "{\"v\":9223372036854775807}")).containsExactly(Long.MAX_VALUE);
        assertThat(values("bigint", "", "{\"v\":\"-12\"}")).containsExactly(-12L);
        assertThat(values("bigint", "", "{\"v\":1e3}")).containsExactly(1000L);
        assertThat(values("numeric", ",\"strip\":\" EUR\"", "{\"v\":\"12.50 EUR\"}"))
                .containsExactly(new BigDecimal("12.5"));
        assertThat(values("boolean", "", "{\"v\":true}")).containsExactly(true);
        assertThat(values("timestamptz", "", "{\"v\":\"2026-01-02T03:04:05.1234567+01:00\"}"))
                .containsExactly(OffsetDateTime.parse("2026-01-02T02:04:05.123456Z"));
        assertThat(values("timestamptz", "", "{\"v\":1000}"))
                .containsExactly(OffsetDateTime.parse("1970-01-01T00:00:01Z"));
        assertThat(values("json", "", "{\"v\":{\"b\":1.0,\"a\":[\"\\u00e4\"]}}"))
                .containsExactly("{\"b\":1.0,\"a\":[\"ä\"]}");
        assertThat((byte[]) values("bytea", "", "{\"v\":\"AAEC\"}").get(0)).containsExactly(0, 1, 2);
        assertThat(values("text", "", "{\"v\":null}")).isEqualTo(Arrays.asList((Object) null));
        assertThat(values("text", "", "[1]")).isEqualTo(Arrays.asList((Object) null));
        assertThat(values("bigint", ",\"default\":7", "{}")).containsExactly(7L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        text        | {"v":[1]}
        text        | {"v":"\\u0000"}
        bigint      | {"v":1.5}
        bigint      | {"v":9223372036854775808}
        bigint      | {"v":"x"}
        numeric     | {"v":"1,5"}
        numeric     | {"v":1e5000}
        boolean     | {"v":"true"}
        boolean     | {"v":1}
        timestamptz | {"v":"yesterday"}
        timestamptz | {"v":"10000-01-01T00:00:00Z"}
        jsonb       | {"v":["\\u0000"]}
        bytea       | {"v":"%%"}
        """)
    void whatDoesNotFitIsSaidWithItsPlace(String type, String payload) {
        assertThatThrownBy(() -> values(type, "", payload))
                .isInstanceOfSatisfying(
                        MisfitException.class, e -> assertThat(e.pointer()).isEqualTo("/v"));
    }

    @Test
    void aRequiredValueIsThere() {
        assertThatThrownBy(() -> values("text", ",\"required\":true", "{}")).isInstanceOf(MisfitException.class);
    }

    @Test
    void anArrayMakesRowsAndAKeyReplacesThem() throws MisfitException {
        Mapping mapping =
                read("{\"chain\":\"c\",\"tables\":[{\"table\":\"line\",\"when\":{\"type\":\"o.*\"},\"each\":\"/i\","
                        + "\"columns\":{\"a\":"
                        + "{\"each\":\"/s\",\"type\":\"text\"},\"b\":{\"pointer\":\"/n\",\"type\":\"bigint\"}}},"
                        + "{\"table\":\"last\",\"mode\":\"latest\",\"key\":[\"/n\",\"/k\"],"
                        + "\"deleteWhen\":{\"type\":[\"*.gone\",\"x\"]},\"columns\":{\"a\":"
                        + COLUMN + "}}]}");
        RowMaker maker = new RowMaker(mapping);
        List<RowChange> rows = maker.changes("o.new", Bytes.utf8("{\"n\":1,\"k\":\"q\",\"i\":[{\"s\":\"x\"},{}]}"));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).values()).containsExactly("x", 1L);
        assertThat(rows.get(1).n()).isEqualTo(1);
        assertThat(rows.get(2).key()).isEqualTo("[\"1\",\"q\"]");
        assertThat(maker.changes("o.gone", Bytes.utf8("{\"n\":1,\"k\":\"q\"}")))
                .containsExactly(new RowChange(1, 0, "[\"1\",\"q\"]", true, List.of()));
        assertThatThrownBy(() -> maker.changes("y", Bytes.utf8("{\"n\":1}"))).isInstanceOf(MisfitException.class);
        assertThatThrownBy(() -> maker.changes("o.new", Bytes.utf8("{\"n\":1,\"k\":\"q\",\"i\":{}}")))
                .isInstanceOfSatisfying(
                        MisfitException.class, e -> assertThat(e.pointer()).isEqualTo("/i"));
    }
}
