package io.qbc.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qbc.Patience;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A headless Chromium of this machine, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final List<String> FLAGS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-popup-blocking",
            "--host-resolver-rules=MAP *.example 127.0.0.1");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path log;
    private final Path port;
    private final HttpClient http = HttpClient.newHttpClient();

    private Browser(Process process, Path log, Path port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** The browser of this machine; without one the test is skipped. */
    static Path find() {
        String chosen = System.getProperty("qbc.browser", "");
        Optional<Path> found = chosen.isEmpty()
                ? Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                        .filter(Files::isExecutable)
                        .findFirst()
                : Optional.of(Path.of(chosen));
        assumeTrue(
                found.isPresent(),
                "no Chromium in the PATH, so that no page was opened; install one, or name it by -Dqbc.browser=FILE");
        return found.get();
    }

    /** Starts a browser process that opens a page; what it prints goes to the log. */
    static Process start(Path browser, Path directory, Path log, String... arguments) throws IOException {
        Path profile = Files.createTempDirectory(directory, "profile");
        List<String> command = new ArrayList<>(List.of(browser.toString()));
        command.addAll(FLAGS);
        command.add("--user-data-dir=" + profile);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().put("HOME", profile.toString());
        // It leaves a socket behind there; the name of a deeper directory would be too long for one.
        builder.environment().put("TMPDIR", directory.toString());
        return builder.start();
    }

    /** Ends a browser with all its processes. */
    static void end(Process process) throws InterruptedException {
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
        boolean unused = Patience.ended(process);
    }

    /** A browser without a page. */
    static Browser open(Path directory) throws IOException {
        Path browser = find();
        Path home = Files.createTempDirectory(directory, "browser");
        Path log = home.resolve("log");
        Process process = start(browser, home, log, "--remote-debugging-port=0", "about:blank");
        try (Stream<Path> below = Files.list(home)) {
            Path profile = below.filter(Files::isDirectory).findFirst().orElseThrow();
            return new Browser(process, log, profile.resolve("DevToolsActivePort"));
        }
    }

    /** A new page, of nothing yet. */
    BrowserPage page() throws Exception {
        try {
            Await.until("the browser listens", () -> Files.readAllLines(port).size() > 1);
        } catch (RuntimeException e) {
            throw new AssertionError(Files.readString(log), e);
        }
        String base = "http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/";
        JsonNode target = JSON.readTree(ask("PUT", base + "new?about:blank"));
        String close = base + "close/" + target.get("id").asText();
        return new BrowserPage(http, target.get("webSocketDebuggerUrl").asText(), () -> {
            if (process.isAlive()) {
                String unused = ask("GET", close);
            }
        });
    }

    private String ask(String method, String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(method, BodyPublishers.noBody())
                .timeout(Patience.ANSWER)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            end(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
