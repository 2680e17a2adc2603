package io.qbc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Samples;
import io.qbc.config.ConfigReader.Flag;
import io.qbc.ledger.Pin;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final List<String> PRIVATE_NETWORKS =
            List.of("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");
    private static final String SHIPPED = ConfigReader.shipped("conf/node.yaml");

    @TempDir
    Path directory;

    @Test
    @DisplayName("what ships is what the tests call the defaults, and private networks")
    void shipped() {
        // The tests themselves count nothing behind the head, unless they are about that.
        NodeConfig expected =
                Samples.with(Samples.shipped(Path.of("data"), 5000), new NodeConfig.Analytics(Duration.ofSeconds(1)));
        NodeConfig read = ConfigReader.read(directory, Optional.empty(), Map.of(), List.of());
        assertThat(read.gossip().networks()).isEqualTo(PRIVATE_NETWORKS);
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("gossip.networks")
                .isEqualTo(expected);
    }

    @Test
    void theDocumentHasEveryKeyWithItsDefaultAndNoOther() throws IOException {
        String document = Files.readString(Path.of("src/docs/configuration.md"));
        Map<String, Setting> settings = YamlSettings.read(SHIPPED, "shipped");
        assertThat(settings.keySet()).containsExactlyElementsOf(ConfigKeys.ALL);
        assertThat(Pattern.compile("(?m)^\\| `([^`]*)` \\|")
                        .matcher(document)
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyElementsOf(ConfigKeys.ALL);
        settings.forEach((key, setting) -> {
            String value = setting.values().isEmpty() ? "none" : String.join(", ", setting.values());
            assertThat(document).contains("| `" + key + "` | " + (value.isEmpty() ? "none" : value) + " |");
        });
    }

    @Test
    @DisplayName("flags win over the environment, the environment over the file, and a named file over the one found")
    void order() throws IOException {
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/node.yaml"), SHIPPED.replace("port: 5000", "port: 1"));
        Path named = Files.writeString(directory.resolve("named.yaml"), SHIPPED.replace("port: 5000", "port: 2"));
        Map<String, String> environment = Map.of("QBC_PORT", "3", "PATH", "anything");
        List<Flag> flags = List.of(new Flag("--port", "port", List.of("4")));

        assertThat(ConfigReader.read(directory, Optional.empty(), Map.of(), List.of())
                        .port())
                .isEqualTo(1);
        assertThat(ConfigReader.read(directory, Optional.of(named), Map.of(), List.of())
                        .port())
                .isEqualTo(2);
        assertThat(ConfigReader.read(directory, Optional.of(named), environment, List.of())
                        .port())
                .isEqualTo(3);
        assertThat(ConfigReader.read(directory, Optional.of(named), environment, flags)
                        .port())
                .isEqualTo(4);
    }

    @Test
    void theEnvironmentSetsEveryKindOfKey() {
        NodeConfig read = ConfigReader.read(
                directory,
                Optional.empty(),
                Map.of(
                        "QBC_HOST", "0.0.0.0",
                        "QBC_PEERS", "http://one:5000, https://two:5001/",
                        "QBC_LEAP_TRANSACTIONS", "7",
                        "QBC_HTTP_IDLE_TIMEOUT", "2m",
                        "QBC_POOL_BYTES", "1GiB",
                        "QBC_GOSSIP_NETWORKS", ""),
                List.of());
        assertThat(read.host()).isEqualTo("0.0.0.0");
        assertThat(read.peers()).containsExactly("http://one:5000", "https://two:5001/");
        assertThat(read.leap().transactions()).isEqualTo(7);
        assertThat(read.http().idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(read.pool().bytes()).isEqualTo(1L << 30);
        assertThat(read.gossip().networks()).isEmpty();
    }

    @Test
    @DisplayName("a file may hold some keys only; the others are as they ship")
    void someKeys() throws IOException {
        Path file = Files.writeString(directory.resolve("x.yaml"), "port: 7\nhttp:\n  idleTimeout: 5s\n");
        NodeConfig read = ConfigReader.read(directory, Optional.of(file), Map.of(), List.of());
        NodeConfig shipped = ConfigReader.read(directory, Optional.empty(), Map.of(), List.of());
        assertThat(read.port()).isEqualTo(7);
        assertThat(read.http().idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(read.pool()).isEqualTo(shipped.pool());
        assertThat(read.host()).isEqualTo(shipped.host());
    }

    @Test
    @DisplayName("an IPv6 address may stand in brackets, as in a URL")
    void brackets() {
        NodeConfig read = ConfigReader.read(directory, Optional.empty(), Map.of("QBC_HOST", "[::1]"), List.of());
        assertThat(read.host()).isEqualTo("::1");
    }

    @Test
    @DisplayName("peers may be IPv6 addresses, and names with an underscore, as Docker makes them")
    void peersOfEveryKind() {
        Map<String, String> environment = Map.of(
                "QBC_PEERS", "http://[::1]:6018,http://node_1:5000",
                "QBC_ADVERTISE", "http://node_2:5000");
        NodeConfig read = ConfigReader.read(directory, Optional.empty(), environment, List.of());
        assertThat(read.peers()).containsExactly("http://[::1]:6018", "http://node_1:5000");
        assertThat(read.advertise()).isEqualTo("http://node_2:5000");
    }

    @Test
    @DisplayName("what Kubernetes sets for a service called qbc is no configuration")
    void serviceLinks() {
        Map<String, String> links = Map.of(
                "QBC_SERVICE_HOST", "10.0.0.1",
                "QBC_SERVICE_PORT", "5000",
                "QBC_SERVICE_PORT_HTTP", "5000",
                "QBC_PORT", "tcp://10.0.0.1:5000",
                "QBC_PORT_5000_TCP", "tcp://10.0.0.1:5000",
                "QBC_PORT_5000_TCP_PROTO", "tcp",
                "QBC_PORT_5000_TCP_PORT", "5000",
                "QBC_PORT_5000_TCP_ADDR", "10.0.0.1");
        assertThat(ConfigReader.read(directory, Optional.empty(), links, List.of()))
                .isEqualTo(ConfigReader.read(directory, Optional.empty(), Map.of(), List.of()));
    }

    @Test
    void whatTheCommandLineAsksAndShowsIsNoConfiguration() {
        Map<String, String> variables = Map.of("QBC_URL", "http://a:1", "QBC_KEY", "qbc_1_2");
        assertThat(ConfigReader.read(directory, Optional.empty(), variables, List.of()))
                .isEqualTo(ConfigReader.read(directory, Optional.empty(), Map.of(), List.of()));
    }

    @Test
    void aPinIsFoundByNameAndById() {
        ChainSpec main = Samples.dbc("main");
        ChainSpec other = Samples.dbc("other");
        String hash = "ab".repeat(32);
        String pins = "main@7=" + hash + ", " + other.id().hex() + "@9=" + hash + ",other@3=" + hash;
        NodeConfig read = ConfigReader.read(directory, Optional.empty(), Map.of("QBC_CHAINS_PINS", pins), List.of());
        Hash parsed = Hash.parse(hash).orElseThrow();
        assertThat(read.chains().pin(main)).contains(new Pin(7, parsed));
        assertThat(read.chains().pin(other)).contains(new Pin(9, parsed));
        assertThat(read.chains().pin(Samples.dbc("third"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "QBC_GOSSIP_NETWORKS, 999.1.1.1/8, gossip.networks must be CIDR blocks",
        "QBC_GOSSIP_NETWORKS, 10.0.0.0, gossip.networks must be CIDR blocks",
        "QBC_BUDGETS_PROXIES, 10.0.00/8, budgets.proxies must be CIDR blocks",
        "QBC_PEERS, http://[::1, peers must be http:// or https://",
        "QBC_ADVERTISE, '::1', advertise must be http:// or https://",
        "QBC_ACCESS_JWT_ISSUER, https://id.example, access.jwt.audience must be set where access.jwt.issuer is",
        "QBC_ACCESS_JWT_KEYS, keys.json, access.jwt.keys must be set where access.jwt.issuer is",
        "QBC_ACCESS_JWT_ALGORITHMS, none, 'access.jwt.algorithms must be some of RS256, ES256 and EdDSA'",
        "QBC_ACCESS_JWT_ALGORITHMS, HS256, 'access.jwt.algorithms must be some of RS256, ES256 and EdDSA'",
        "QBC_ACCESS_JWT_ALGORITHMS, '', 'access.jwt.algorithms must be some of RS256, ES256 and EdDSA'",
        "QBC_ACCESS_JWT_SKEW, 6m, access.jwt.skew must be 0 to 300000",
        "QBC_ACCESS_JWT_REFRESH, 1s, access.jwt.refresh must be 60000 to 86400000",
        "QBC_ACCESS_JWT_MAP, ops, access.jwt.map must have VALUE=ROLE"
    })
    void aWrongVariableIsRefused(String variable, String value, String message) {
        assertRefused(
                () -> ConfigReader.read(directory, Optional.empty(), Map.of(variable, value), List.of()), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example/keys",
                "http://127.0.0.1/keys",
                "https:///keys",
                "https://user@id.example/keys",
                "https://id.example/keys#x",
                "https://id.example/a b",
                "file:///etc/passwd",
                "ftp://id.example/keys"
            })
    void keysOfAnIssuerComeFromAFileOrOverTls(String keys) {
        Map<String, String> environment = Map.of(
                "QBC_ACCESS_JWT_ISSUER", "https://id.example",
                "QBC_ACCESS_JWT_AUDIENCE", "qbc",
                "QBC_ACCESS_JWT_KEYS", keys);
        assertRefused(
                () -> ConfigReader.read(directory, Optional.empty(), environment, List.of()),
                "access.jwt.keys must be a file or an address like https://id.example/keys");
    }

    @Test
    @DisplayName("a name that the system cannot spell, as with LC_ALL=C, is refused in one line")
    void aNameThatCannotBeSpelled() {
        Flag flag = new Flag("--data", "data", List.of("/x/d\uD800"));
        assertRefused(() -> ConfigReader.read(directory, Optional.empty(), Map.of(), List.of(flag)), "LC_ALL=C.UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"QBC_PROT", "QBC_", "QBC_LEAP", "QBC_HTTP_IDLETIMEOUT"})
    void anUnknownVariableIsRefused(String variable) {
        assertRefused(() -> ConfigReader.read(directory, Optional.empty(), Map.of(variable, "1"), List.of()), variable);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: 5000 | port: 70000 | port must be 0 to 65535 but is 70000 (x.yaml, line 11)",
                "port: 5000 | port: '5000' | port must be a whole number without quotes",
                "port: 5000 | port: 5e3 | port must be a whole number",
                "port: 5000 | port: 010 | port must be a whole number",
                "port: 5000 | port: 99999999999 | port must be at most",
                "port: 5000 | port: | port must have a value",
                "port: 5000 | port: [1] | port must be one value and no list",
                "port: 5000 | port: {a: 1} | port must be a value",
                "port: 5000 | prot: 5000 | unknown key prot; remove it or correct its name, did you mean port?",
                "port: 5000 | 'host: a' | the key host is there twice",
                "host: 127.0.0.1 | host: 127 | host must be a text",
                "host: 127.0.0.1 | host: \"\" | host must not be empty",
                "data: data | data: \"\" | data must name a directory",
                "peers: [] | peers: one | peers must be a list",
                "peers: [] | peers: [1] | peers must be a list of texts",
                "peers: [] | peers: ['ftp://a'] | peers must be http:// or https://",
                "peers: [] | peers: ['http://127.1:1'] | peers must be http:// or https://",
                "peers: [] | peers: ['http://u@a:1'] | peers must be http:// or https://",
                "peers: [] | peers: ['http://a:1/x'] | peers must be http:// or https://",
                "idleTimeout: 60s | idleTimeout: 60 | http.idleTimeout must be a time",
                "idleTimeout: 60s | idleTimeout: 0s | http.idleTimeout must be longer than 0",
                "idleTimeout: 60s | idelTimeout: 60s | unknown key http.idelTimeout",
                "bodyBytes: 1MiB | bodyBytes: 1MB | limits.bodyBytes must be a size",
                "jsonDepth: 32 | jsonDepth: 1KiB | limits.jsonDepth must be a whole number",
                "backoffMax: 30s | backoffMax: 1ms | gossip.backoffMax must be 500 to",
                "- fc00::/7 | - 999.1.1.1/8 | gossip.networks must be CIDR blocks",
                "- fc00::/7 | - fc00:::1/8 | gossip.networks must be CIDR blocks",
                "data: data | data: \"\\uD800\" | data must name a directory",
                "- fc00::/7 | - fc00::/200 | gossip.networks must be CIDR blocks",
                "batchIds: 1000 | batchIds: 20000 | gossip.batchIds must be 1 to 10000",
                "answerBytes: 0 | answerBytes: 8MiB | gossip.limits.answerBytes must be 16777216 to",
                "callTime: 2m | callTime: 0s | gossip.limits.callTime must be longer than 0",
                "operations: proved | operations: me | consensus.operations must be all, proved or none but is 'me'",
                "follow: all | follow: some | chains.follow must be all, listed or none but is 'some'",
                "max: 2000 | max: 0 | chains.max must be 1 to 10000",
                "mode: loopback | mode: closed | access.mode must be loopback, required or open but is 'closed'",
                "publicMetrics: false | publicMetrics: no | access.publicMetrics must be true or false",
                "publicMetrics: false | publicMetrics: 'true' | access.publicMetrics must be true or false",
                "callerBurst: 2000 | callerBurst: 0 | access.callerBurst must be 1 to 10000000",
                "auditInjects: counted | auditInjects: all | access.auditInjects must be none, counted or each",
                "auditInterval: 1m | auditInterval: 0s | access.auditInterval must be 10 to 86400000",
                "auditCounts: 100 | auditCounts: 0 | access.auditCounts must be 1 to 100000",
                "origins: [] | origins: ['*'] | http.origins must be http:// or https://",
                "pins: [] | pins: ['main'] | chains.pins must be like main@1200=",
                "pins: [] | pins: ['main@01=HASH'] | chains.pins must be like main@1200=",
                "pins: [] | pins: ['main@1=HASH', 'main@2=HASH'] | chains.pins must have one pin a chain",
                "- fc00::/7 | - somewhere | gossip.networks must be CIDR blocks",
            })
    void aWrongFileIsRefused(String before, String after, String message) throws IOException {
        assertThat(SHIPPED).contains(before);
        String spelled = after.replace("HASH", "ab".repeat(32));
        String text = SHIPPED.replaceFirst(
                "(?m)^( *)" + Pattern.quote(before) + "$", "$1" + Matcher.quoteReplacement(spelled));
        Path file = Files.writeString(directory.resolve("x.yaml"), text);
        assertRefused(
                () -> ConfigReader.read(directory, Optional.of(file), Map.of(), List.of()),
                message.replace("x.yaml", file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "- 1", "a: [", "host: a\n---\nhost: b\n", "http: 1", "a: &b 1"})
    void whatIsNoConfigurationIsRefused(String text) {
        assertRefused(() -> YamlSettings.read(text, "x.yaml"), "x.yaml");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        Path file = directory.resolve("absent.yaml");
        assertRefused(() -> ConfigReader.read(directory, Optional.of(file), Map.of(), List.of()), "does not exist");
    }

    private static void assertRefused(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }
}
