package io.qbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.PemFile;
import io.qbc.node.SelfSignedCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsCommandTest {
    @TempDir
    Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        PrintWriter printer = new PrintWriter(out, true);
        PrintWriter complaints = new PrintWriter(err, true);
        Map<String, String> environment = Map.of("QBC_DATA", data.toString());
        Command command = TlsCommand.command(SelfSignedCertificate::make, environment, printer, complaints);
        List<String> all = new ArrayList<>(List.of("tls"));
        all.addAll(Arrays.asList(arguments));
        return new Cli("1", (conf, flags) -> 0, List.of(command), printer, complaints)
                .execute(all.toArray(String[]::new));
    }

    private X509Certificate certificate(Path directory) {
        return PemFile.certificates("test", directory.resolve("tls.crt").toString())
                .get(0);
    }

    @Test
    void aCertificateIsMadeWithAKeyThatItsOwnerAloneMayUse() throws Exception {
        assertThat(run("self-signed", "--name", "node1.example", "--name", "192.0.2.7", "--days", "30"))
                .isZero();
        X509Certificate made = certificate(data);
        made.verify(made.getPublicKey());
        made.checkValidity();
        assertThat(made.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(made.getSubjectX500Principal().getName()).isEqualTo("CN=node1.example");
        assertThat(made.getBasicConstraints()).isNegative();
        assertThat(made.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactly("node1.example", "192.0.2.7", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        Duration life = Duration.between(
                made.getNotBefore().toInstant(), made.getNotAfter().toInstant());
        assertThat(life).isBetween(Duration.ofDays(30), Duration.ofDays(31));
        Path key = data.resolve("tls.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(out.toString().lines())
                .containsExactly(
                        "QBC_HTTP_TLS_CERTIFICATE=" + data.resolve("tls.crt"),
                        "QBC_HTTP_TLS_KEY=" + key,
                        "QBC_CA=" + data.resolve("tls.crt"));
    }

    @Test
    void whatIsThereIsReplacedIfThatIsSaid() throws IOException {
        Path other = data.resolve("other");
        assertThat(run("self-signed", "--out", other.toString())).isZero();
        X509Certificate first = certificate(other);
        assertThat(run("self-signed", "--out", other.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--replace");
        assertThat(certificate(other)).isEqualTo(first);
        assertThat(run("self-signed", "--out", other.toString(), "--replace")).isZero();
        assertThat(certificate(other)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "self-signed --name a_b",
                "self-signed --name a/b",
                "self-signed --days 0",
                "self-signed --out a --data b"
            })
    void whatCannotBeIsRefused(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" ", -1))).isEqualTo(2);
        assertThat(data.resolve("tls.crt")).doesNotExist();
    }
}
