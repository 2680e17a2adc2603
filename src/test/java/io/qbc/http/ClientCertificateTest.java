package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.TrialTls;
import io.qbc.cli.TlsCommand.Made;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.CertificateDemand;
import io.qbc.config.NodeConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers that prove who they are by certificates: each has the roles that its certificate is mapped to. */
class ClientCertificateTest {
    private static final String READ = "/v1/chains/main";
    private static final String INJECT = "/v1/chains/main/transactions";
    private static final String LEAP = "/v1/chains/main/leaps";
    private static final String ADMIN = "/v1/access";

    private static final List<String> MAPPINGS = List.of(
            "DNS:Reader.example=reader:reader",
            "DNS:orders.example=orders:writer@main",
            "CN=sealer.example=sealer:sealer+reader",
            "IP:192.0.2.7=ops:admin",
            "DNS:auditor.example=auditor:auditor");

    @TempDir
    Path directory;

    private final Made reader = TrialTls.made(9, "reader.example");
    private final Made writer = TrialTls.made(9, "orders.example");
    private final Made sealer = TrialTls.made(9, "sealer.example");
    private final Made ops = TrialTls.made(9, "192.0.2.7");
    private final Made auditor = TrialTls.made(9, "auditor.example");
    private final Made unmapped = TrialTls.made(9, "other.example");
    private final Made foreign = TrialTls.made(9, "reader.example");

    private HttpFixture httpFixture;
    private Made node;

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private void begin(CertificateDemand demand) throws IOException {
        TrialTls files = new TrialTls(directory);
        node = files.put(TrialTls.made(90));
        NodeConfig.Tls tls = files.config(
                demand,
                reader.certificate(),
                writer.certificate(),
                sealer.certificate(),
                ops.certificate(),
                auditor.certificate(),
                unmapped.certificate());
        NodeConfig.Access access = new NodeConfig.Access(
                AccessMode.REQUIRED,
                false,
                0,
                1,
                0,
                1,
                MAPPINGS,
                false,
                AuditInjects.COUNTED,
                Duration.ofMinutes(1),
                100);
        httpFixture =
                new HttpFixture(base -> Samples.with(base, access, base.http().with(tls)));
    }

    private HttpResponse<String> send(Version version, Optional<Made> own, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return TrialTls.client(version, own, node).send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + httpFixture.port() + path))
                .timeout(Patience.ANSWER);
    }

    private HttpRequest.Builder post(String path, String body) {
        return get(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    /** What each may read, inject, seal and administer, by the status of the answer. */
    private List<Integer> may(Version version, Made own) throws IOException, InterruptedException {
        Optional<Made> shown = Optional.of(own);
        return List.of(
                send(version, shown, get(READ)).statusCode(),
                send(version, shown, post(INJECT, "{\"data\":1}")).statusCode(),
                send(version, shown, post(LEAP, "{}")).statusCode(),
                send(version, shown, get(ADMIN)).statusCode());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void eachHasTheRolesOfItsCertificate(Version version) throws Exception {
        begin(CertificateDemand.REQUEST);
        assertThat(may(version, reader)).containsExactly(200, 403, 403, 403);
        assertThat(may(version, writer)).containsExactly(403, 202, 403, 403);
        assertThat(may(version, auditor)).containsExactly(200, 403, 403, 403);
        assertThat(may(version, sealer)).first().isEqualTo(200);
        assertThat(may(version, sealer).get(1)).isEqualTo(403);
        assertThat(may(version, sealer).get(2)).isNotIn(401, 403);
        assertThat(may(version, sealer).get(3)).isEqualTo(403);
        assertThat(may(version, ops).subList(0, 2)).containsExactly(200, 202);
        assertThat(may(version, ops).get(3)).isEqualTo(200);
        assertThat(may(version, unmapped)).containsOnly(401);
    }

    @Test
    void oneThatNobodyVouchesForIsNotTaken() throws Exception {
        begin(CertificateDemand.REQUEST);
        assertThatThrownBy(() -> send(Version.HTTP_1_1, Optional.of(foreign), get(READ)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoShowsAKeyIsWhoTheKeyIs() throws Exception {
        begin(CertificateDemand.REQUEST);
        HttpRequest.Builder keyed = get(ADMIN).header("Authorization", "Bearer " + httpFixture.key("admin"));
        assertThat(send(Version.HTTP_2, Optional.of(reader), keyed).statusCode())
                .isEqualTo(200);
        assertThat(send(Version.HTTP_2, Optional.empty(), keyed).statusCode()).isEqualTo(200);
        HttpRequest.Builder wrong = get(READ).header("Authorization", "Bearer wrong");
        assertThat(send(Version.HTTP_2, Optional.of(reader), wrong).statusCode())
                .isEqualTo(401);
        assertThat(send(Version.HTTP_2, Optional.empty(), get(READ)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void whatWasBegunWithOneEndsWithIt() throws Exception {
        begin(CertificateDemand.REQUEST);
        HttpResponse<Stream<String>> events = TrialTls.client(Version.HTTP_2, Optional.of(reader), node)
                .send(get("/v1/chains/main/events").build(), BodyHandlers.ofLines());
        assertThat(events.statusCode()).isEqualTo(200);
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(1);
        httpFixture.pass(Duration.ofDays(1000));
        httpFixture.node.leap(List.of());
        await().until(() -> httpFixture.sharedLimits.streams().inUse() == 0);
        assertThat(events.body()).noneMatch(line -> line.startsWith("event: "));
        assertThat(send(Version.HTTP_2, Optional.of(reader), get(READ)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void whereOneIsDemandedNobodyComesInWithout() throws Exception {
        begin(CertificateDemand.REQUIRED);
        assertThat(send(Version.HTTP_1_1, Optional.of(reader), get(READ)).statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> send(Version.HTTP_1_1, Optional.empty(), get("/health/live")))
                .isInstanceOf(IOException.class);
    }
}
