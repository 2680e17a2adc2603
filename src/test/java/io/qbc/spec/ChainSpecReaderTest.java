package io.qbc.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Parameter;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Reason;
import io.qbc.node.DefaultChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainSpecReaderTest {
    private static final Bytes SELF = Samples.SIGNER.key();
    private static final long NOW = 1_800_000_000_000L;

    @Test
    @DisplayName("the chain that ships is main, under proof of work, the same on every node")
    void shipped(@TempDir Path directory) throws IOException {
        NodeConfig config = ConfigReader.read(directory, Optional.empty(), Map.of(), List.of());
        ChainSpec main = DefaultChain.read(config, SELF);
        assertThat(main.name()).isEqualTo("main");
        assertThat(main.genesisTime()).isEqualTo(Samples.GENESIS_TIME);
        assertThat(Engines.of(main.consensus())).isPresent();
        assertThat(main.document().text())
                .isEqualTo("{\"consensus\":{\"difficulty\":100000,\"difficultyLeast\":1,"
                        + "\"difficultyMost\":9007199254740992,\"engine\":\"pow\",\"halfLife\":0,\"spacing\":0},"
                        + "\"description\":\"The default chain\",\"genesisTime\":1795305600000,"
                        + "\"limits\":{\"quantBytes\":67108864,\"quantTransactions\":100000,"
                        + "\"transactionBytes\":1048576},\"name\":\"main\"}");
        assertThat(DefaultChain.read(config, Samples.OTHER.key()).id()).isEqualTo(main.id());

        Path copy = Files.writeString(directory.resolve("copy.json"), ConfigReader.shipped("conf/chain.json"));
        Map<String, String> environment = Map.of("QBC_CHAIN", copy.toString());
        NodeConfig other = ConfigReader.read(directory, Optional.empty(), environment, List.of());
        assertThat(DefaultChain.read(other, SELF)).isEqualTo(main);
    }

    @Test
    void theDocumentHasEveryMemberLimitAndEngine() throws IOException {
        String page = Files.readString(Path.of("src/docs/chain-specs.md"));
        assertThat(rows(page)).containsExactlyElementsOf(ChainSpecReader.MEMBERS);
        ChainSpec.Limits limits =
                read("{\"name\":\"a\",\"consensus\":{\"engine\":\"pow\"}}").limits();
        assertThat(page)
                .contains("`transactionBytes` " + limits.transactionBytesMax() + ", `quantBytes` "
                        + limits.quantBytesMax() + ", `quantTransactions` " + limits.quantTransactionsMax())
                .contains("(`" + String.join("`, `", Engines.NAMES) + "`)");
    }

    @Test
    void theDocumentHasEveryParameterOfEveryEngine() throws IOException {
        String page = Files.readString(Path.of("src/docs/consensus.md"));
        for (String engine : Engines.NAMES) {
            // What dpos has in common with pos stands there.
            String section = section(page, engine) + (engine.equals("dpos") ? section(page, "pos") : "");
            List<String> names =
                    Engines.parameters(engine).stream().map(Parameter::name).toList();
            assertThat(rows(section)).as(engine).containsAll(names);
            assertThat(rows(section))
                    .as(engine)
                    .filteredOn(name -> !names.contains(name))
                    .isSubsetOf("participants", "stakes");
            Engines.parameters(engine)
                    .forEach(parameter -> assertThat(section)
                            .as(engine)
                            .contains("| `" + parameter.name() + "` | " + written(parameter.least()) + " to "
                                    + written(parameter.most()) + " | " + written(parameter.standard()) + " |"));
        }
    }

    private static String section(String page, String engine) {
        int begin = page.indexOf("\n## " + engine + "\n");
        int end = page.indexOf("\n## ", begin + 1);
        assertThat(begin).as("the section of %s", engine).isNotNegative();
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static List<String> rows(String text) {
        return Pattern.compile("(?m)^\\| `([^`]*)` \\|")
                .matcher(text)
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    /** Large powers of two as people write them. */
    private static String written(long number) {
        boolean power = number >= 1L << 40 && Long.bitCount(number) == 1;
        return power ? "2^" + Long.numberOfTrailingZeros(number) : Long.toString(number);
    }

    @Test
    @DisplayName("spelling, order and written-out defaults do not change the chain's id")
    void equalRulesAreOneChain() {
        ChainSpec brief =
                read("{\"name\":\"a\",\"consensus\":{\"engine\":\"pow\"}}".replace("}}", ",\"difficulty\":5}}"));
        ChainSpec full = read("""
                {"limits":{"quantTransactions":100000,"transactionBytes":1048576},
                 "genesisTime":"2027-01-15T08:00:00Z","description":"",
                 "consensus":{"difficulty":5,"engine":"\\u0070ow"},"name":"a"}""");
        assertThat(full).isEqualTo(brief);
        assertThat(full.id()).isEqualTo(brief.id());
        assertThat(brief.limits()).isEqualTo(new ChainSpec.Limits(1 << 20, 64 << 20, 100_000));
    }

    @Test
    void aNameThatLooksLikeAnIdIsRefused() {
        String spec = "{\"name\":\"%s\",\"consensus\":{\"engine\":\"dbc\"}}";
        assertThatThrownBy(() -> read(spec.formatted("ab".repeat(32))))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("must not look like a chain's id");
        for (String name : List.of("ab".repeat(31), "ag".repeat(32), "b-".repeat(32))) {
            assertThat(read(spec.formatted(name)).name()).isEqualTo(name);
        }
    }

    @Test
    void aDocumentReadAgainIsTheSameChain() {
        ChainSpec spec =
                read("{\"name\":\"a\",\"description\":\"\\u20ac \\\"q\\\" \\n\",\"consensus\":{\"engine\":\"dbc\"}}");
        assertThat(ChainSpecReader.read(spec.document(), "again")).isEqualTo(spec);
    }

    @Test
    void aDelegatedChainWithoutParticipantsIsThisNodesOwn() {
        assertThat(read("{\"name\":\"a\",\"consensus\":{\"engine\":\"dbc\"}}")
                        .consensus()
                        .participants())
                .containsExactly(SELF);
        String other = Samples.OTHER.key().hex();
        assertThat(read("{\"name\":\"a\",\"consensus\":{\"engine\":\"dbc\",\"participants\":[\"" + other + "\"]}}")
                        .consensus()
                        .participants())
                .containsExactly(Samples.OTHER.key());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | the spec must be an object",
                "{'name':'a' | not acceptable JSON",
                "{'name':'a','name':'a'} | a name twice",
                "{} | /name is missing",
                "{'name':1} | /name must be a text",
                "{'name':'A'} | /name must be 1 to 64 of a-z",
                "{'name':'1a'} | /name must be 1 to 64 of a-z",
                "{'name':'a'} | /consensus is missing",
                "{'name':'a','consensus':[]} | /consensus must be an object",
                "CONSENSUS{}} | /consensus/engine is missing",
                "CONSENSUS{'engine':'luck'}} | /consensus/engine must be one of",
                "CONSENSUS{POW,'difficulty':0}} | /consensus/difficulty must be a whole number of 1",
                "CONSENSUS{POW,'difficulty':1.5}} | /consensus/difficulty must be",
                "CONSENSUS{POW,'difficulty':null}} | /consensus/difficulty must be",
                "CONSENSUS{POW,'difficulty':'5'}} | /consensus/difficulty must be",
                "CONSENSUS{POW,'difficulty':9007199254740993}} | /consensus/difficulty must be",
                "CONSENSUS{POW,'difficulty':99999999999999999999}} | /consensus/difficulty must",
                "CONSENSUS{POW,'participants':[]}} | /consensus/participants is unknown",
                "CONSENSUS{DBC,'difficulty':1}} | /consensus/difficulty is unknown",
                "CONSENSUS{DBC,'participants':[]}} | /consensus/participants must list a key",
                "CONSENSUS{DBC,'participants':'x'}} | /consensus/participants must be a list",
                "CONSENSUS{DBC,'participants':['x']}} | /consensus/participants/0 must be a public",
                "CONSENSUS{DBC,'participants':[1]}} | /consensus/participants/0 must be a text",
                "{'name':'a','genesisTime':'soon'} | /genesisTime must be like",
                "{'name':'a','genesisTime':-1} | /genesisTime must be a whole number of 0",
                "{'name':'a','genesisTime':'1969-01-01T00:00:00Z'} | /genesisTime must be between",
                "{'name':'a','colour':1} | /colour is unknown",
                "{'name':'a','a/b':1} | /a~1b is unknown",
                "CONSENSUS{DBC},'limits':{'quantBytes':1}} | /limits/quantBytes must be a whole",
                "CONSENSUS{DBC},'limits':{'quantBytes':2048}} | /limits/quantBytes must not be below",
                "CONSENSUS{DBC},'limits':{'size':1}} | /limits/size is unknown",
                "CONSENSUS{'engine':'poa','period':1}} | /consensus/period must be a whole number of 10",
                "CONSENSUS{'engine':'poa','stakes':[1]}} | /consensus/stakes is unknown",
                "CONSENSUS{'engine':'pos','stakes':[1,2]}} | /consensus/stakes must be a list with one stake",
                "CONSENSUS{'engine':'pos','stakes':[0]}} | /consensus/stakes/0 must be a whole number",
                "CONSENSUS{DBC},'leap':{'age':-1}} | /leap/age must be a whole number of 0",
                "CONSENSUS{DBC},'leap':{'ages':1}} | /leap/ages is unknown",
                "CONSENSUS{DBC},'fork':{}} | /fork/chain is missing",
                "CONSENSUS{DBC},'fork':{'chain':'x'}} | /fork/chain must be 64",
                "CONSENSUS{DBC},'rules':{}} | /rules must have either",
                "CONSENSUS{DBC},'rules':{'schema':1}} | /rules/schema must be a JSON Schema",
                "CONSENSUS{DBC},'rules':{'types':{}}} | /rules/types must have 1 to",
                "CONSENSUS{DBC},'rules':{'types':{'qbc.x':true}}} | /rules/types/qbc.x must be a name",
                "CONSENSUS{DBC},'rules':{'version':0,'schema':true}} | /rules/version must be a whole",
            })
    void aWrongSpecIsRefused(String json, String message) {
        assertThatThrownBy(() -> read(spelled(json)))
                .isInstanceOf(SpecException.class)
                .hasMessageStartingWith("x.json")
                .hasMessageContaining(message);
    }

    private static String spelled(String brief) {
        return brief.replace("CONSENSUS", "{'name':'a','consensus':")
                .replace("POW", "'engine':'pow'")
                .replace("DBC", "'engine':'dbc'")
                .replace('\'', '"');
    }

    @Test
    void aParticipantListedTwiceIsRefused() {
        String key = SELF.hex();
        String spec = "{\"name\":\"a\",\"consensus\":{\"engine\":\"dbc\",\"participants\":[\"" + key + "\",\"" + key
                + "\"]}}";
        assertThatThrownBy(() -> read(spec)).hasMessageContaining("/consensus/participants/1 is listed before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "pow", "dbc", "poa", "pos", "dpos"})
    void theSmallestSpecOfEveryEngineIsWrittenOutWhole(String engine) {
        ChainSpec spec = read("{\"name\":\"orders\",\"consensus\":{\"engine\":\"" + engine + "\"}}");
        assertThat(spec.genesisTime()).isEqualTo(NOW);
        assertThat(spec.leap()).isEqualTo(ChainSpec.LeapHints.NONE);
        assertThat(spec.consensus().participants())
                .isEqualTo(Engines.participantsMax(engine) > 0 ? List.of(SELF) : List.of());
        assertThat(spec.consensus().numbers().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Engines.parameters(engine).stream().map(Parameter::name).toList());
        assertThat(Engines.of(spec.consensus())).isPresent();
        assertThat(ChainSpecReader.read(spec.document(), "again")).isEqualTo(spec);
    }

    @Test
    void everyMemberReadAgainIsTheSameChain() {
        String hash = "ab".repeat(32);
        ChainSpec spec = read(spelled("""
                {'name':'full','description':'d','genesisTime':5,'limits':{'quantBytes':2048,'transactionBytes':1024},
                 'consensus':{'engine':'pos','stakes':[7],'period':20},'leap':{'age':0,'transactions':3},
                 'rules':{'types':{'order':{'type':'object','properties':{'total':{'minimum':0.5}}},'note':true}},
                 'fork':{'chain':'HASH','height':4,'quant':'HASH',
                         'treeSize':9,'root':'HASH'}}""").replace("HASH", hash));
        assertThat(spec.consensus().stakes()).containsExactly(7L);
        assertThat(spec.leap()).isEqualTo(new ChainSpec.LeapHints(3, -1, 0));
        assertThat(spec.rulesVersion()).isEqualTo(1);
        assertThat(spec.fork().orElseThrow().treeSize()).isEqualTo(9);
        assertThat(spec.rules().text()).contains("\"version\":1", "\"minimum\":0.5");
        ChainSpec again = ChainSpecReader.read(spec.document(), "again");
        assertThat(again).isEqualTo(spec);
        assertThat(again.id()).isEqualTo(spec.id());
    }

    @Test
    void aRefusalNamesThePointer() {
        assertThatThrownBy(() -> read("{\"name\":\"a\",\"consensus\":{\"engine\":\"luck\"}}"))
                .isInstanceOfSatisfying(SpecException.class, refused -> {
                    assertThat(refused.refusal().reason()).isEqualTo(Reason.CHAIN_SPEC_INVALID);
                    assertThat(refused.refusal().pointers()).containsExactly("/consensus/engine");
                });
    }

    @Test
    void aRefusalNamesAllThatIsWrongAndNothingTwice() {
        String spec = """
                {'name':'A','colour':1,'genesisTime':'soon',
                 'consensus':{'engine':'pos','participants':['x',7],'stakes':[0],'period':1,'luck':2},
                 'limits':{'quantBytes':1,'size':2},'leap':{'age':-1},'fork':{'chain':'x','height':'a'},
                 'rules':{'types':{'a':{'type':'strin','minItems':-1},'b':7,'qbc.x':true}}}""";
        assertThatThrownBy(() -> read(spelled(spec)))
                .isInstanceOfSatisfying(
                        SpecException.class,
                        refused -> assertThat(refused.refusal().pointers())
                                .containsExactlyInAnyOrder(
                                        "/name",
                                        "/colour",
                                        "/genesisTime",
                                        "/consensus/luck",
                                        "/consensus/period",
                                        "/consensus/participants/0",
                                        "/consensus/participants/1",
                                        "/consensus/stakes",
                                        "/limits/quantBytes",
                                        "/limits/size",
                                        "/leap/age",
                                        "/fork/chain",
                                        "/fork/height",
                                        "/fork/quant",
                                        "/fork/treeSize",
                                        "/fork/root",
                                        "/rules/types/a/minItems",
                                        "/rules/types/a/type",
                                        "/rules/types/b",
                                        "/rules/types/qbc.x"));
    }

    @Test
    void aHopelessSpecIsNotListedWithoutEnd() {
        StringBuilder spec = new StringBuilder("{'name':'a','consensus':{'engine':'dbc'}");
        for (int i = 0; i < 100; i++) {
            spec.append(",'unknown").append(i).append("':1");
        }
        assertThatThrownBy(() -> read(spelled(spec.append('}').toString())))
                .isInstanceOfSatisfying(
                        SpecException.class,
                        refused -> assertThat(refused.refusal().pointers()).hasSize(20));
    }

    private static ChainSpec read(String json) {
        return ChainSpecReader.read(Bytes.utf8(json), "x.json", SELF, NOW);
    }
}
