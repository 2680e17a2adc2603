package io.qbc.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.cli.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/db?user=a&password=s3cret",
                "jdbc:postgresql://localhost/db?PASSWORD=s3cret",
                "postgresql://a:s3cret@localhost/db"
            })
    void aPasswordIsNoArgument(String url) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        Cli cli = new Cli("0", (conf, flags) -> 0, BenchCommand.commands(out, out), out, out);
        assertThat(cli.execute("bench", "inject", "--postgres", url)).isEqualTo(2);
        assertThat(said.toString()).contains("~/.pgpass").doesNotContain("s3cret");
    }
}
