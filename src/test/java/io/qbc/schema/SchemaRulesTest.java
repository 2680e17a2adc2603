package io.qbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.spec.ChainSpecReader;
import io.qbc.spec.SpecException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRulesTest {
    private static final String ORDER = """
            {'type':'object','required':['sku','count'],'additionalProperties':false,
             'properties':{'sku':{'type':'string','pattern':'^[A-Z]-[0-9]+$'},'count':{'type':'integer','minimum':1},
               'when':{'format':'date-time'},'tags':{'type':'array','uniqueItems':true,'items':{'type':'string'}},
               'a/b':{'type':'null'},'parts':{'items':{'$ref':'#'}}}}""";

    private final SchemaRules reader = new SchemaRules();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'sku':'A-1','count':2} | ``",
                "{'sku':'A-1','count':2.0,'parts':[{'sku':'B-2','count':1}]} | ``",
                "{'sku':'A-1','count':2,'when':'2026-11-22T10:00:00Z','tags':['a','b'],'a/b':null} | ``",
                "{'sku':'A-1'} | ROOT",
                "[] | ROOT",
                "{'sku':'a-1','count':0} | /count /sku",
                "{'sku':'A-1','count':2,'more':1} | /more",
                "{'sku':'A-1','count':2,'a/b':1} | /a~1b",
                "{'sku':'A-1','count':2,'when':'2026-02-30T10:00:00Z'} | /when",
                "{'sku':'A-1','count':2,'tags':['a','b','a']} | /tags",
                "{'sku':'A-1','count':2,'tags':['a',7]} | /tags/1",
                "{'sku':'A-1','count':2,'parts':[{'sku':'B-2','count':0}]} | /parts/0/count",
            })
    void aBreachNamesTheFailingPlaces(String data, String pointers) {
        List<String> expected = pointers.isEmpty()
                ? List.of()
                : List.of(pointers.replace("ROOT", "").split(" ", -1));
        Optional<Refusal> breach = rules("{'schema':" + ORDER + "}").breach("", json(data));
        assertThat(breach.map(Refusal::pointers).orElse(List.of())).isEqualTo(expected);
        assertThat(breach.map(Refusal::reason)).isEqualTo(breach.map(refusal -> Reason.RULES_BROKEN));
    }

    @Test
    void typesHaveTheirOwnSchemasAndOthersAreNotLetIn() {
        DataRules rules = rules("{'types':{'order':" + ORDER + ",'note':{'type':'string'},'any':true,'no':false}}");
        assertThat(rules.breach("note", json("'x'"))).isEmpty();
        assertThat(rules.breach("any", json("[1]"))).isEmpty();
        assertThat(rules.breach("no", json("1"))).isPresent();
        assertThat(rules.breach("note", json("1"))).isPresent();
        assertThat(rules.breach("order", json("'x'"))).isPresent();
        assertThat(rules.breach("", json("'x'")).orElseThrow().reason()).isEqualTo(Reason.RULES_BROKEN);
        assertThat(rules.breach("other", json("'x'")).orElseThrow().detail()).contains("'other'", "order");
    }

    @Test
    void aChainWithoutRulesTakesAnything() {
        assertThat(reader.apply(Samples.dbc("free")).breach("any", json("1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'strin'} | /rules/schema/type is not as JSON Schema",
                "{'properties':{'a':{'minLength':-1}}} | /rules/schema/properties/a/minLength is not as",
                "{'properties':{'a':{'minItems':5000000000}}} | /rules/schema/properties/a/minItems must be at most",
                "{'pattern':'('} | /rules/schema/pattern",
                "{'$ref':'http://example.org/s'} | /rules/schema/$ref must name a schema inside this one",
                "{'$ref':'#/$defs/a'} | /rules/schema/$ref must name a schema inside this one",
                "{'$ref':'#a','properties':{'x':{'$id':'x','$anchor':'a'}}} | /rules/schema/$ref must name a schema",
                "{'$ref':'#/$defs/%FF'} | /rules/schema/$ref must name a schema inside this one",
                "{'$ref':'a b'} | /rules/schema/$ref is not as JSON Schema 2020-12 has it: it must be a URI reference",
                "{'$dynamicRef':'#a'} | /rules/schema/$dynamicRef must name a schema inside this one",
                "{'$id':'#s'} | /rules/schema/$id is not as JSON Schema 2020-12 has it",
                "{'$id':'s','$defs':{'a':{'$id':'./s'}}} | /rules/schema/$defs/a/$id is the URI of another schema too",
                "{'$anchor':'1'} | /rules/schema/$anchor is not as JSON Schema 2020-12 has it: it must be a name",
                "{'$anchor':'a','not':{'$dynamicAnchor':'a'}} | /not/$dynamicAnchor is the name of another",
                "{'$vocabulary':{'v':1}} | /rules/schema/$vocabulary is not as",
                "{'dependencies':{}} | /rules/schema/dependencies is of another draft",
                "{'id':'s'} | /rules/schema/id is of another draft",
                "{'$dynamicAnchor':'a','anyOf':[{'$dynamicRef':'#a'}]} | leads back to itself",
                "{'$id':'s','$dynamicAnchor':'a','allOf':[{'$ref':'t'}],'$defs':{'t':{'$id':'t','$dynamicRef':'#a',"
                        + "'$defs':{'b':{'$dynamicAnchor':'a'}}}}} | leads back to itself",
                "{'$schema':'http://json-schema.org/draft-07/schema#'} | /rules/schema/$schema must be",
                "{'$ref':'#'} | /rules/schema leads back to itself",
                "{'$defs':{'a':{'anyOf':[{'$ref':'#/$defs/a'}]}}} | leads back to itself",
                "{'patternProperties':{'(a)\\\\1':true}} | /rules/schema/patternProperties/(a)\\1 must not have \\1",
                "{'patternProperties':{'[b-a]':true}} | /rules/schema/patternProperties/[b-a] is no regular expression",
                "{'maxItems':-1} | /rules/schema/maxItems is not as",
                "{'maxItems':1.5} | /rules/schema/maxItems is not as",
                "{'multipleOf':0} | /rules/schema/multipleOf is not as",
                "{'required':['a','a']} | /rules/schema/required is not as",
                "{'allOf':[]} | /rules/schema/allOf is not as",
                "{'items':[{}]} | /rules/schema/items is not as",
                "{'properties':{'a':1}} | /rules/schema/properties/a is not as",
                "{'pattern':'(a)\\\\1'} | /rules/schema/pattern must not have \\1",
                "{'pattern':'(?=a)'} | /rules/schema/pattern must not have look-around",
                "{'pattern':'((a{100}){100})'} | /rules/schema/pattern has more than 2000 steps",
                "{'pattern':'a++'} | /rules/schema/pattern must not repeat a repetition",
                "{'const':9007199254740993} | /rules/schema/const must be a number that a double holds",
                "{'const':1E400} | /rules/schema/const must be a number that a double holds",
            })
    void aSchemaThatCannotBeARuleIsRefused(String schema, String message) {
        assertThatThrownBy(() -> spec("{'schema':" + schema + "}"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatWouldTakeForEverBreaksTheRules() {
        assertTimeoutPreemptively(Patience.CONDITION, () -> {
            DataRules pattern = rules("{'schema':{'pattern':'(.{0,300}b){3}c'}}");
            assertThat(pattern.breach("", json("'" + "ab".repeat(2000) + "'"))
                            .orElseThrow()
                            .detail())
                    .contains("too many steps");
            String twice = "{'properties':{'x':{'$ref':'#'}}}";
            DataRules doubling = rules("{'schema':{'allOf':[" + twice + "," + twice + "]}}");
            String deep = "{'x':".repeat(31) + "1" + "}".repeat(31);
            assertThat(doubling.breach("", json(deep)).orElseThrow().detail()).contains("too many steps");
            DataRules unique = rules("{'schema':{'uniqueItems':true}}");
            StringBuilder many = new StringBuilder("[0");
            for (int i = 1; i < 50_000; i++) {
                many.append(',').append(i);
            }
            assertThat(unique.breach("", json(many + "]"))).isEmpty();
            assertThat(unique.breach("", json(many + ",7.0]"))).isPresent();
        });
    }

    @Test
    void patternsThatAreFatalElsewhereAreMatchedAtOnce() {
        assertTimeoutPreemptively(Patience.CONDITION, () -> {
            for (String fatal : List.of("^(a+)+$", "^(a|a)*$", "^(a|b|ab)*c$", "^a*a*a*a*a*a*a*$", "(x+x+)+y")) {
                DataRules rules = rules("{'schema':{'pattern':'" + fatal + "'}}");
                assertThat(rules.breach("", json("'" + "a".repeat(100_000) + "!'"))
                                .orElseThrow()
                                .detail())
                        .contains("does not match the pattern");
            }
        });
    }

    @Test
    void aGlanceTellsTheSameOrNothing() {
        DataRules order = rules("{'schema':" + ORDER + "}");
        Bytes sound = json("{'sku':'A-1','count':2}");
        Bytes wrong = json("{'sku':'a-1','count':2}");
        assertThat(order.glance("", sound)).as("before the rules are ready").isEmpty();
        assertThat(order.breach("", sound)).isEmpty();
        assertThat(order.glance("", sound)).contains(new DataRules.Judgement(Optional.empty()));
        assertThat(order.glance("", wrong)).contains(new DataRules.Judgement(order.breach("", wrong)));
        assertThat(order.glance("", json("'" + "a".repeat(5000) + "'"))).isEmpty();
        String twice = "{'properties':{'x':{'$ref':'#'}}}";
        DataRules doubling = rules("{'schema':{'allOf':[" + twice + "," + twice + "]}}");
        assertThat(doubling.breach("", json("1"))).isEmpty();
        assertThat(doubling.glance("", json("{'x':".repeat(31) + "1" + "}".repeat(31))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'const':1e21} | 1000000000000000000000.0 | true",
                "{'const':1e21} | 1e22 | false",
                "{'maximum':9007199254740992} | 9007199254740993 | false",
                "{'exclusiveMinimum':0} | 1e-400 | true",
                "{'type':'integer'} | 9007199254740992.5 | false",
                "{'type':'integer'} | 1e400 | true",
                "{'type':'integer'} | 1.50e1 | true",
                "{'multipleOf':0.01} | -19.99 | true",
                "{'multipleOf':0.01} | 19.995 | false",
                "{'multipleOf':3} | 1e9999 | false",
                "{'multipleOf':7} | 7e9999 | true",
                "{'multipleOf':1e-300} | 1e-301 | false",
                "{'uniqueItems':true} | [1e400,1e401] | true",
                "{'uniqueItems':true} | [1,true,[1],[true],'1',{'a':1,'b':2},1.5] | true",
                "{'uniqueItems':true} | [{'a':1,'b':2},{'b':2.0,'a':1}] | false",
                "{'enum':[0,[1,{'a':null}]]} | [1.0,{'a':null}] | true",
                "{'enum':[0,[1,{'a':null}]]} | -0.0 | true",
                "{'contains':{'const':1},'maxContains':1} | [2] | false",
                "{'maxItems':2.0} | [1,2] | true",
                "{'maxLength':1} | '\uD83D\uDE00' | true",
                "{'patternProperties':{'\\\\bé':false}} | {'é':1} | true",
                "{'patternProperties':{'^a$':false}} | {'a\\n':1} | true",
                "{'patternProperties':{'(a+)+$':false}} | {'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab':1} | true",
                "{'if':{'required':['a'],'properties':{'a':{}}},'unevaluatedProperties':false} | {'b':1} | false",
                "{'not':{'required':['a']},'unevaluatedProperties':true} | {'b':1} | true",
                "{'if':{'prefixItems':[{'const':1}]},'unevaluatedItems':false} | [2] | false",
                "{'allOf':[{'if':{'properties':{'a':{'const':1}}}}],'unevaluatedProperties':false} | {'a':2} | false",
            })
    void aValueIsJudgedByWhatItIs(String schema, String data, boolean valid) {
        assertThat(rules("{'schema':" + schema + "}").breach("", json(data)).isEmpty())
                .isEqualTo(valid);
    }

    /** Where the same words stand for a tree of anything and for a tree of numbers. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$ref':'#num','$defs':{'a':{'$anchor':'num','type':'number'}}} | 1 | 'x'",
                "{'$id':'http://a/x/','$ref':'../y#/$defs/n','$defs':{'b':{'$id':'/y','$defs':{'n':{'type':'null'}}}}}"
                        + " | null | 1",
                "{'$ref':'#/$defs/a%25%22~0~1','$defs':{'a%\\\"~/':{'type':'null'}}} | null | 1",
                "{'$ref':'#/$defs/%C3%A9','$defs':{'é':{'type':'null'}}} | null | 1",
                "{'$id':'n','$ref':'t','$defs':{'n':{'$dynamicAnchor':'of','type':'number'},'t':{'$id':'t','items':"
                        + "{'$dynamicRef':'#of'},'$defs':{'any':{'$dynamicAnchor':'of'}}}}} | [1] | ['x']",
                "{'$id':'n','$ref':'t','$defs':{'n':{'$dynamicAnchor':'of','type':'number'},'t':{'$id':'t','items':"
                        + "{'$ref':'#of'},'$defs':{'null':{'$dynamicAnchor':'of','type':'null'}}}}} | [null] | [1]",
                "{'items':{'$dynamicRef':'t#of'},'$defs':{'t':{'$id':'t','$defs':{'null':"
                        + "{'$dynamicAnchor':'of','type':'null'}}}}} | [null] | [1]",
            })
    void aReferenceLeadsToWhatItNames(String schema, String valid, String invalid) {
        DataRules rules = rules("{'schema':" + schema + "}");
        assertThat(rules.breach("", json(valid))).isEmpty();
        assertThat(rules.breach("", json(invalid))).isPresent();
    }

    @Test
    void namesOfDynamicAnchorsAreFew() {
        String names = IntStream.range(0, 64)
                .mapToObj(i -> "'a" + i + "':{'$dynamicAnchor':'a" + i + "'}")
                .collect(Collectors.joining(","));
        assertThat(rules("{'schema':{'$dynamicRef':'#a63','$defs':{" + names + "}}}")
                        .breach("", json("1")))
                .isEmpty();
        assertThatThrownBy(() -> spec("{'schema':{'$defs':{" + names + ",'b':{'$dynamicAnchor':'b'}}}}"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("/$defs/b/$dynamicAnchor is one of more than 64 names");
    }

    /** The first version took in numbers without bounds; nothing of a chain without rules on them may be lost. */
    @Test
    void numbersBeyondAllReasonAreJudgedToo() {
        DataRules rules = rules("{'schema':{'type':'integer','multipleOf':3}}");
        assertThat(rules.breach("", json("9".repeat(500)))).isEmpty();
        assertThat(rules.breach("", json("9".repeat(1001)))).isPresent();
        assertThat(rules.breach("", json("1E999999999"))).isPresent();
        assertThat(rules("{'schema':{'type':'number'}}").breach("", json("1E999999999")))
                .isEmpty();
        assertThat(rules("{'schema':{'type':'number'}}").breach("", json("9".repeat(1001))))
                .isPresent();
        assertThat(rules("{'schema':true}").breach("", json("[1E999999999]"))).isEmpty();
    }

    @Test
    void aSpecWithALongNumberIsRefused() {
        assertThatThrownBy(() -> spec("{'schema':{'const':1e2147483648}}"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("a number has more than 1000 characters");
    }

    private DataRules rules(String rules) {
        return reader.apply(spec(rules));
    }

    private static ChainSpec spec(String rules) {
        String spec = "{'name':'a','consensus':{'engine':'dbc'},'rules':" + rules + "}";
        return ChainSpecReader.read(json(spec), "x.json", Samples.SIGNER.key(), 1);
    }

    private static Bytes json(String text) {
        return Bytes.utf8(text.replace('\'', '"'));
    }
}
