package io.qbc.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qbc.Patience;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The nginx of this machine as conf/nginx.conf has it, in a process of its own. */
final class Nginx implements AutoCloseable {
    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The program of this machine; without one the test is skipped. */
    static Path find() {
        Optional<Path> found = Stream.concat(
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "no nginx on this machine");
        return found.get();
    }

    /** Starts it before these front ends, in the place of those that the file names. */
    static Nginx start(Path program, Path home, List<Integer> fronts) {
        try {
            Files.createDirectories(home.resolve("logs"));
            int port = Ports.free();
            String balancing = Files.readString(Path.of("conf", "nginx.conf"))
                    .replace("127.0.0.1:5000", "127.0.0.1:" + fronts.get(0))
                    .replace("127.0.0.1:5001", "127.0.0.1:" + fronts.get(1))
                    .replace("127.0.0.1:8080", "127.0.0.1:" + port);
            Files.writeString(home.resolve("nginx.conf"), """
                            daemon off;
                            pid nginx.pid;
                            error_log stderr;
                            events { worker_connections 512; }
                            http {
                            access_log off;
                            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                            """ + balancing + "}\n");
            Process process = new ProcessBuilder(
                            program.toString(), "-p", home + "/", "-c", home.resolve("nginx.conf") + "")
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("nginx.log").toFile())
                    .start();
            Nginx nginx = new Nginx(process, port);
            Await.until(
                    "nginx answers",
                    () -> !process.isAlive()
                            || nginx.client().get("/health/live").status() == 200);
            if (!process.isAlive()) {
                throw new AssertionError("nginx ended\n" + Files.readString(home.resolve("nginx.log")));
            }
            return nginx;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    Client client() {
        return new Client(url());
    }

    /** Ends it with its workers. */
    @Override
    public void close() {
        process.destroy();
        try {
            Patience.ended(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
