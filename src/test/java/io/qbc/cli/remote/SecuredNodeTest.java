package io.qbc.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.TrialTls;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.remote.CommandFixture.Ended;
import io.qbc.config.CertificateDemand;
import io.qbc.config.NodeConfig;
import io.qbc.http.HttpFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a node over TLS. */
class SecuredNodeTest {
    @TempDir
    Path directory;

    @Test
    void aNodeIsAskedIfItIsVouchedFor() throws Exception {
        TrialTls files = new TrialTls(directory);
        files.put(TrialTls.made(9));
        NodeConfig.Tls tls = files.config(CertificateDemand.NONE);
        TrialTls others = new TrialTls(directory.resolve("others"));
        Files.createDirectory(directory.resolve("others"));
        others.put(TrialTls.made(9));
        try (HttpFixture httpFixture =
                new HttpFixture(base -> Samples.with(base, base.http().with(tls)))) {
            CommandFixture qbc = new CommandFixture("https://127.0.0.1:" + httpFixture.port());
            assertThat(qbc.run("chains", "--ca", files.certificate()).code()).isZero();
            assertThat(qbc.withAuthorities(files.certificate()).run("chains").code())
                    .isZero();
            Ended unvouched = qbc.run("chains");
            assertThat(unvouched.code()).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(qbc.run("chains", "--ca", others.certificate()).code()).isEqualTo(ExitCode.UNREACHABLE.number());
            assertThat(qbc.run("chains", "--ca", files.key()).code()).isEqualTo(2);
        }
    }
}
