package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import io.qbc.model.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit: no secret of a node is in anything that it shows, whatever it is asked and whoever asks. */
class SecretsIT {
    private static final Pattern KEY = Pattern.compile("qbc_[0-9a-f]{12}_([0-9a-f]{64})");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final String LOGBACK = """
            <configuration>
              <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%level %logger %msg%n</pattern></encoder>
              </appender>
              <root level="DEBUG"><appender-ref ref="CONSOLE"/></root>
            </configuration>
            """;

    @TempDir
    Path directory;

    /** What nobody may be shown, by what it is: 64 hexadecimal digits each. */
    private final Map<String, String> secrets = new LinkedHashMap<>();

    private final StringBuilder shown = new StringBuilder();

    @Test
    void nothingThatANodeShowsHasASecretInIt() throws IOException {
        Plan plan = Plan.in(directory.resolve("node")).environment("QBC_ACCESS_MODE", "required");
        prepare(plan);
        String admin = added(plan, "ops", "admin");
        String reader = added(plan, "shop", "reader@main");
        try (NodeProcess node = NodeProcess.start(plan)) {
            arguments(node);
            JsonNode paths =
                    node.client().get("/openapi.json").expect(200).json().get("paths");
            String wrong = admin.substring(0, admin.length() - 1) + (admin.endsWith("0") ? "1" : "0");
            for (String key : List.of(admin, reader, wrong, "")) {
                askAll(node.client(), paths, key);
            }
            misplaced(node.client(), admin);
            madeByRest(node.client(), admin);
            commands(plan, node, admin);
            askAll(node.client(), paths, admin);
            assertThat(node.terminate()).isZero();
            shown.append(node.output());
        }
        secrets.forEach((what, secret) -> assertThat(spellings(secret))
                .as(what)
                .allSatisfy(spelled -> assertThat(shown.indexOf(spelled))
                        .as(() -> around(spelled))
                        .isNegative()));
        assertThat(shown).as("what was shown is about this node").contains("\"mode\":\"required\"", "stopped");
        onlyItsOwnerReads(plan);
    }

    @Test
    void whoeverLoosensADirectoryOrAKeyIsTold() throws IOException {
        Plan plan = Plan.in(directory.resolve("node"));
        try (NodeProcess node = NodeProcess.start(plan)) {
            assertThat(mode(plan.data())).isEqualTo("rwx------");
            assertThat(node.terminate()).isZero();
            Files.setPosixFilePermissions(plan.data(), PosixFilePermissions.fromString("rwxr-xr-x"));
            node.restart();
            assertThat(mode(plan.data())).isEqualTo("rwx------");
            assertThat(node.output()).contains("was open to others than its owner");
            assertThat(node.terminate()).isZero();
            Path key = plan.data().resolve("identity.key");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            node.relaunch();
            assertThat(node.exitCode()).isEqualTo(2);
            assertThat(node.output().lines().filter(line -> line.startsWith("qbc: ")))
                    .singleElement()
                    .asString()
                    .contains("chmod 600 ", "identity.key");
        }
    }

    private void prepare(Plan plan) throws IOException {
        PrivateDirectory.make(plan.data().resolve("keys"));
        secret("the node's identity", "5ec4e70b".repeat(8));
        secret("a named key", "5ec4e71c".repeat(8));
        PrivateFile.write(plan.data().resolve("identity.key"), secrets.get("the node's identity") + "\n");
        PrivateFile.write(plan.data().resolve("keys/author.key"), secrets.get("a named key") + "\n");
        // All that the node could log, not only what it does log.
        Path conf = Files.createDirectories(plan.home().resolve("conf"));
        Files.writeString(conf.resolve("logback.xml"), LOGBACK);
    }

    private void secret(String what, String digits) {
        secrets.put(what, digits);
    }

    /** A key of the command line, whose secret and digest are secrets from now on. */
    private String added(Plan plan, String name, String role) {
        Jar.Finished finished = Jar.run(
                plan,
                "access",
                "add",
                "--name",
                name,
                "--role",
                role,
                "--data",
                plan.data().toString());
        assertThat(finished.code()).as(finished.output()).isZero();
        return known(name, finished.output());
    }

    private String known(String name, String text) {
        Matcher key = KEY.matcher(text);
        assertThat(key.find()).as(text).isTrue();
        secret("the secret of " + name, key.group(1));
        secret(
                "the digest of " + name,
                Sha256.of(key.group(1).getBytes(StandardCharsets.ISO_8859_1)).hex());
        return key.group();
    }

    private void arguments(NodeProcess node) throws IOException {
        Path line = Path.of("/proc", String.valueOf(node.pid()), "cmdline");
        shown.append(
                Files.exists(line)
                        ? Files.readString(line)
                        : ProcessHandle.of(node.pid())
                                .flatMap(process -> process.info().commandLine())
                                .orElse(""));
    }

    /** Every operation of the document, with next to nothing in it. */
    private void askAll(Client client, JsonNode paths, String key) {
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        ask(client, method.getKey(), path.getKey(), key);
                    }
                }));
    }

    private void ask(Client client, String method, String template, String key) {
        String path = template.replace("{chain}", "main")
                .replace("{id}", "0".repeat(64))
                .replace("{quant}", "0")
                .replace("{verb}", "hello")
                .replace("{peer}", "127.0.0.1")
                .replace("{projection}", "shop")
                .replace("{table}", "line")
                .replace("{key}", "7")
                .replace("{name}", "orders")
                .replace("{number}", "0");
        // A stream that would not end, and a chain to compare with.
        String query = template.endsWith("/events") ? "?lastEventId=x" : template.endsWith("/diff") ? "?with=main" : "";
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (!key.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + key));
        }
        boolean read = method.equals("get");
        show(client.send(client.request(
                method.toUpperCase(Locale.ROOT),
                path + query,
                read ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"),
                headers.toArray(String[]::new))));
    }

    /** Keys where they do not belong: what the caller wrote comes back to nobody, and is in no log. */
    private void misplaced(Client client, String key) {
        List<HttpRequest> requests = List.of(
                client.request("GET", "/v1/node", BodyPublishers.noBody(), "Authorization", "Basic " + key),
                client.request("GET", "/v1/node", BodyPublishers.noBody(), "X-Api-Key", key),
                client.request("GET", "/v1/node?access_token=" + key, BodyPublishers.noBody()),
                client.request("GET", "/v1/" + key, BodyPublishers.noBody()),
                client.request("GET", "/v1/node", BodyPublishers.noBody(), "Cookie", "key=" + key),
                client.request(
                        "POST",
                        "/v1/chains/main/transactions",
                        BodyPublishers.ofString("{\"data\":1"),
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + key));
        requests.forEach(request -> show(client.send(request)));
    }

    /** A key that is made by REST is in that answer, and in no other one. */
    private void madeByRest(Client client, String admin) {
        String body = "{\"name\":\"made\",\"roles\":[\"writer\"]}";
        Answer made = client.post("/v1/access", body, "Authorization", "Bearer " + admin)
                .expect(201);
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        String key = known("a key made by REST", made.text());
        show(client.post("/v1/chains/main/transactions", "{\"data\":1}", "Authorization", "Bearer " + key));
        show(client.get("/v1/access", "Authorization", "Bearer " + admin).expect(200));
    }

    /** Commands have a key from the environment or from a file, and say nothing of it. */
    private void commands(Plan plan, NodeProcess node, String admin) throws IOException {
        Path file = plan.home().resolve("ops.key");
        PrivateFile.write(file, admin + "\n");
        Path twice = plan.home().resolve("twice.key");
        PrivateFile.write(twice, admin + "\n" + admin + "\n");
        Plan keyed = plan.environment("QBC_KEY", admin);
        String author = plan.data().resolve("keys/author.key").toString();
        for (Jar.Finished finished : List.of(
                Jar.run(keyed, "chains", "--url", node.url()),
                Jar.run(plan, "chains", "--url", node.url(), "--credential", file.toString()),
                Jar.run(plan, "chains", "--url", node.url(), "--credential", twice.toString()),
                Jar.run(plan.environment("QBC_KEY", "x " + admin), "chains", "--url", node.url()),
                Jar.run(keyed, "inject", "1", "--url", node.url(), "--key", author),
                Jar.run(keyed, "access", "list", "--json", "--data", plan.data().toString()),
                Jar.run(keyed, "keys", "list", "--data", plan.data().toString()),
                Jar.run(keyed, "run", "--port", "x"))) {
            shown.append(finished.output()).append('\n');
        }
    }

    /** Files with a secret in them, wherever they are, are for their owner alone. */
    private void onlyItsOwnerReads(Plan plan) throws IOException {
        try (Stream<Path> files = Files.walk(plan.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (secrets.values().stream().anyMatch(text::contains)) {
                    assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
                }
            }
        }
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void show(Answer answer) {
        shown.append(answer.status())
                .append(' ')
                .append(answer.headers().map())
                .append('\n')
                .append(answer.text())
                .append('\n');
    }

    /** A secret as it could be shown, in letters or as bytes that were taken for letters. */
    private static List<String> spellings(String digits) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        return List.of(
                digits,
                digits.toUpperCase(Locale.ROOT),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(digits.getBytes(StandardCharsets.US_ASCII)),
                new String(bytes, StandardCharsets.ISO_8859_1),
                new String(bytes, StandardCharsets.UTF_8));
    }

    private String around(String spelled) {
        int at = shown.indexOf(spelled);
        return at < 0 ? "" : shown.substring(Math.max(0, at - 300), Math.min(shown.length(), at + 100));
    }
}
