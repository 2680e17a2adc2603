package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.json.JsonNumber;
import io.qbc.model.Bytes;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps are counted as protocol.md says, since every node must stop at the same one. */
class StepsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | 1 | 1",
                "{} | 1 | 1",
                "{'title':'no keyword that is judged','$defs':{'a':{}}} | 1 | 1",
                "{'type':'integer','minimum':1} | 5 | 3",
                "{'properties':{'a':{'type':'string'}}} | {'a':'x'} | 5",
                "{'properties':{'a':{},'b':{},'c':{}}} | {'z':1} | 3",
                "{'required':['a','b','c']} | {'a':1} | 4",
                "{'additionalProperties':false} | {'a':1,'b':2} | 6",
                "{'patternProperties':{'^a':true}} | {'ab':1} | 9",
                "{'propertyNames':{'maxLength':3}} | {'ab':1,'b':2} | 6",
                "{'dependentRequired':{'a':['b']}} | {'a':1,'b':2} | 4",
                "{'dependentSchemas':{'a':true}} | {'a':1} | 4",
                "{'prefixItems':[true],'items':{'type':'null'}} | [1,null,null] | 8",
                "{'contains':true} | [1,2] | 4",
                "{'allOf':[{'type':'object'},true]} | {} | 5",
                "{'oneOf':[{'type':'object'},true]} | 1 | 5",
                "{'if':{'type':'object'},'then':true,'else':false} | 1 | 7",
                "{'not':{'type':'object'}} | 1 | 4",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'null'}}} | null | 4",
                "{'$id':'s','$anchor':'a','$dynamicAnchor':'b','$vocabulary':{},'$schema':"
                        + "'https://json-schema.org/draft/2020-12/schema'} | 1 | 1",
                "{'$dynamicRef':'#a','$defs':{'a':{'$dynamicAnchor':'a','type':'null'}}} | null | 4",
                "{'enum':['a','bb']} | 'a' | 4",
                "{'enum':['a','bb']} | 'cccc' | 6",
                "{'const':[1,2]} | [1.00,2e0] | 7",
                "{'uniqueItems':true} | [1,[2],{'a':true}] | 12",
                "{'pattern':'^ab$'} | 'ab' | 10",
                "{'pattern':'b'} | 'ab' | 9",
                "{'format':'uuid'} | 'abc' | 105",
                "{'format':'colour'} | 'abc' | 2",
                "{'multipleOf':2} | 10 | 4",
                "{'unevaluatedProperties':true} | {'a':1} | 4",
                "{'unevaluatedItems':true,'prefixItems':[true]} | [1,2] | 7",
                "{'maxLength':1} | 'abcdef' | 2",
            })
    void aStepIsWhatTheProtocolCallsOne(String schema, String data, int steps) {
        assertThat(steps(schema, data)).isEqualTo(steps);
    }

    @Test
    void aLongNameThatIsFoundCosts() {
        String name = "a".repeat(40);
        assertThat(steps("{'properties':{'" + name + "':{}}}", "{'" + name + "':1}"))
                .isEqualTo(6);
        assertThat(steps("{'required':['" + name + "']}", "{'" + name + "':1}")).isEqualTo(5);
    }

    @Test
    void whatIsTakenOverFromTheSameValueCounts() {
        assertThat(steps("{'allOf':[true]}", "[0" + ",1".repeat(129) + "]")).isEqualTo(5);
    }

    /** Six hundred schemas that each look at every member, judged within the budget once. */
    @Test
    void whatLooksAtEverythingManyTimesIsTooMuch() {
        String all = IntStream.range(0, 600)
                .mapToObj(i -> "{'unevaluatedProperties':true}")
                .collect(Collectors.joining(","));
        String schema = "{'allOf':[" + all + "],'unevaluatedProperties':false}";
        Bytes data = json("{" + members(30_000) + "}");
        assertThat(steps(schema, data)).isEqualTo(Steps.budget(data.size()) + 1);
        assertThat(steps(schema, "{" + members(10) + "}")).isBetween(600L * 2 * 10, 600L * 3 * 10);
        assertThat(prepared(schema).failings(data, () -> false))
                .singleElement()
                .extracting(PreparedSchema.Failing::text)
                .isEqualTo("it takes too many steps to check");
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'a" + i + "':0").collect(Collectors.joining(","));
    }

    /** The longest numbers that are let in cost what their digits do, whatever looks at them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'multipleOf':0.7}",
                "{'multipleOf':1e-300}",
                "{'maximum':1e308}",
                "{'type':'integer'}",
                "{'const':1}",
                "{'enum':[1,2]}",
            })
    void theWorstNumberCostsItsLength(String schema) {
        String digits = "7".repeat(JsonNumber.CHARS_MAX - 6);
        for (String worst : new String[] {digits + "e-9999", digits + "e+9999", "0." + digits, "1e-9999", "-1e9999"}) {
            assertThat(steps(schema, worst)).as(worst).isLessThan(JsonNumber.CHARS_MAX + 10L);
            assertThat(steps("{'items':" + schema + "}", "[" + (worst + ",").repeat(50) + worst + "]"))
                    .as(worst)
                    .isLessThan(51L * (JsonNumber.CHARS_MAX + 10L));
        }
    }

    /** Every one of many references goes through every resource, and into a scope that it makes larger. */
    @Test
    void dynamicReferencesCostWhatReferencesDo() {
        StringBuilder resources = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            resources.append("'r%d':{'$id':'r%d','$dynamicAnchor':'n%d','properties':{'x':{'$ref':'r%d'}}},"
                    .formatted(i, i, i, i + 1));
        }
        String last = "'r64':{'$id':'r64','$dynamicRef':'r0#n0'}";
        String schema = "{'items':{'$ref':'r0'},'$defs':{" + resources + last + "}}";
        String deep = "{'x':".repeat(30) + "1" + "}".repeat(30);
        assertThat(steps(schema, "[" + (deep + ",").repeat(100) + deep + "]")).isBetween(101L * 30 * 5, 101L * 30 * 8);
    }

    @Test
    void judgingEndsWhenNobodyWaits() {
        boolean[] left = {false};
        int[] asked = {0};
        PreparedSchema schema = prepared("{'items':{'type':'integer'}}");
        Bytes data = json("[0" + ",1".repeat(100_000) + "]");
        assertThat(schema.failings(data, () -> {
                    asked[0]++;
                    return left[0];
                }))
                .isEmpty();
        assertThat(asked[0]).isBetween(20, 100);
        left[0] = true;
        assertThatThrownBy(() -> schema.failings(data, () -> {
                    asked[0]++;
                    return left[0];
                }))
                .isInstanceOf(Steps.Abandoned.class);
    }

    @Test
    void aDeepSchemaOverDeepDataIsJudged() {
        String schema = "{'type':['array','null'],'items':{'$ref':'#'}}";
        for (int i = 0; i < 28; i++) {
            schema = "{'allOf':[" + schema + "]}";
        }
        assertThat(steps(schema, "[".repeat(32) + "]".repeat(32))).isLessThan(5000);
    }

    private static long steps(String schema, String data) {
        return steps(schema, json(data));
    }

    private static long steps(String schema, Bytes data) {
        return prepared(schema).steps(data);
    }

    private static PreparedSchema prepared(String schema) {
        assertThat(SchemaCheck.faults(schema.replace('\'', '"'))).isEmpty();
        return PreparedSchema.of(schema.replace('\'', '"'));
    }

    private static Bytes json(String text) {
        return Bytes.utf8(text.replace('\'', '"'));
    }
}
