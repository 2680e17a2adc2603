package io.qbc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.client.answer.ChainInfo;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project outside of this one, built and run with what the client's jar has, Vert.x, and nothing else. */
class ClientJarTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Pattern CLIENT =
            Pattern.compile("<id>client</id>.*?<includes>(.*?)</includes>", Pattern.DOTALL);
    private static final Pattern INCLUDE = Pattern.compile("<include>(.*?)</include>");
    private static final Pattern DECLARED = Pattern.compile("(vertx-core|netty|jackson-core)-.*\\.jar");

    private static final String PROGRAM = """
            package sample;

            import io.qbc.client.BlockingQbcClient;
            import io.qbc.client.answer.ChainEvent;
            import io.qbc.client.answer.EventStream;
            import io.qbc.client.answer.InjectResult;
            import io.qbc.client.request.AuthorKey;
            import io.qbc.client.request.ClientOptions;
            import io.qbc.client.request.FollowStart;
            import io.qbc.client.request.TransactionRequest;
            import io.qbc.outbox.Outbox;
            import java.util.concurrent.CountDownLatch;
            import java.util.function.Function;

            public final class Program implements Function<String, String> {
                @Override
                public String apply(String url) {
                    Outbox outbox = Outbox.table("outbox");
                    try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(url))) {
                        CountDownLatch came = new CountDownLatch(1);
                        EventStream stream = client.follow("orders", FollowStart.atHeight(1), event -> {
                            if (event instanceof ChainEvent.QuantCame) {
                                came.countDown();
                            }
                        });
                        InjectResult result = client.inject(
                                "orders", TransactionRequest.json("{\\"n\\":1}").signedBy(AuthorKey.fresh()));
                        client.injectAll("orders", java.util.List.of(TransactionRequest.json("2")));
                        client.leap("orders");
                        came.await();
                        client.readQuants("orders", 0, quant -> {});
                        return client.findTransaction("orders", result.id()).orElseThrow().state()
                                + outbox.definition().get(0).substring(0, 6);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    /** The classes that the build puts into the client's jar. */
    private Path jar() throws IOException {
        Path jar = directory.resolve("client");
        String pom = Files.readString(Path.of("pom.xml"));
        String includes =
                CLIENT.matcher(pom).results().findFirst().orElseThrow().group(1);
        List<PathMatcher> matchers = INCLUDE.matcher(includes)
                .results()
                .map((MatchResult include) -> FileSystems.getDefault().getPathMatcher("glob:" + include.group(1)))
                .toList();
        try (Stream<Path> all = Files.walk(CLASSES)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path name = CLASSES.relativize(file);
                if (matchers.stream().anyMatch(matcher -> matcher.matches(name))) {
                    Files.createDirectories(jar.resolve(name).getParent());
                    Files.copy(file, jar.resolve(name));
                }
            }
        }
        return jar;
    }

    /** The jars that Vert.x consists of, wherever whoever runs the tests has them. */
    private static List<Path> declared() throws IOException {
        return Collections.list(ClientJarTest.class.getClassLoader().getResources("META-INF/MANIFEST.MF")).stream()
                .map(URL::getPath)
                .filter(path -> path.startsWith("file:") && path.contains("!"))
                .map(path -> Path.of(URI.create(path.substring(0, path.indexOf('!')))))
                .filter(path -> DECLARED.matcher(path.getFileName().toString()).matches())
                .toList();
    }

    @Test
    void itHoldsNothingOfTheNode() throws IOException {
        try (Stream<Path> all = Files.walk(jar())) {
            assertThat(all.filter(Files::isRegularFile)
                            .map(file ->
                                    directory.resolve("client").relativize(file).toString()))
                    .contains("io/qbc/client/QbcClient.class", "io/qbc/outbox/Outbox.class")
                    .allMatch(name -> name.matches("io/qbc/(client|outbox|json|model)/.*"))
                    .noneMatch(name -> name.contains("Ed25519"));
        }
    }

    @Test
    @QbcLedger(chains = @LedgerChain("orders"))
    void aProgramIsBuiltAndRunsWithItAndVertxAlone(LedgerNode node) throws Exception {
        List<Path> path = new ArrayList<>(declared());
        assertThat(path).isNotEmpty();
        path.add(jar());
        Path out = Files.createDirectories(directory.resolve("out"));
        compile(path, out);
        path.add(out);
        List<URL> urls = new ArrayList<>();
        for (Path each : path) {
            urls.add(each.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            // As in a process of its own: what Vert.x finds by the thread is not what the tests have.
            Thread.currentThread().setContextClassLoader(loader);
            Object program =
                    loader.loadClass("sample.Program").getDeclaredConstructor().newInstance();
            Object said = program.getClass().getMethod("apply", String.class).invoke(program, node.url());
            assertThat(said).isEqualTo("COMMITTEDCREATE");
        } finally {
            Thread.currentThread().setContextClassLoader(ClientJarTest.class.getClassLoader());
        }
        assertThat(node.blocking().listChains()).extracting(ChainInfo::name).contains("orders");
    }

    private void compile(List<Path> path, Path out) throws IOException {
        Path source = directory.resolve("Program.java");
        Files.writeString(source, PROGRAM);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            String all = String.join(
                    File.pathSeparator, path.stream().map(Path::toString).toList());
            boolean done = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("--release", "17", "-proc:none", "-cp", all, "-d", out.toString()),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(done).as(said.toString()).isTrue();
        }
    }
}
