package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.cli.Cli;
import io.qbc.cli.KeysCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyringTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path data;

    @Test
    void keysAreMadeOnceShownAndListed() throws Exception {
        assertThat(keys("show")).isEqualTo(1);
        assertThat(err.toString()).contains("no such key");
        assertThat(keys("list")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(keys("new")).isZero();
        assertThat(keys("new")).isZero();
        assertThat(keys("show")).isZero();
        String identity = Identity.open(data).key().hex();
        assertThat(out.toString().lines()).containsExactly(identity, identity, identity);
        assertThat(keys("new", "--name", "orders-2")).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys/orders-2.key"))))
                .isEqualTo("rw-------");
        assertThat(keys("list")).isZero();
        List<String> lines = out.toString().lines().skip(3).toList();
        assertThat(lines).containsExactly(lines.get(0), identity + " identity", lines.get(0) + " keys/orders-2");
    }

    @Test
    void whatIsNotAcceptableIsRefused() {
        assertThat(keys("new", "--name", "../x")).isEqualTo(2);
        assertThat(keys()).isEqualTo(2);
        assertThat(keys("burn")).isEqualTo(2);
        assertThat(data).isEmptyDirectory();
    }

    private int keys(String... arguments) {
        PrintWriter to = new PrintWriter(out, true);
        PrintWriter errors = new PrintWriter(err, true);
        Cli cli = new Cli("1", (conf, flags) -> 0, List.of(KeysCommand.command(new Keyring(), to, errors)), to, errors);
        String[] all = new String[arguments.length == 0 ? 1 : arguments.length + 3];
        all[0] = "keys";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        if (arguments.length > 0) {
            all[arguments.length + 1] = "--data";
            all[arguments.length + 2] = data.toString();
        }
        return cli.execute(all);
    }
}
