package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.PrivateFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code tls}: makes a certificate for trials, for which no authority vouches but itself. Its secret key is
 * in a file that its owner alone may use.
 */
public final class TlsCommand {
    private static final String DATA = "--data";
    private static final String OUT = "--out";
    private static final String NAME = "--name";
    private static final String DAYS = "--days";
    private static final String REPLACE = "--replace";
    private static final String SELF_SIGNED = "self-signed";
    private static final int DAYS_USUAL = 365;
    private static final int DAYS_MAX = 3650;
    /** A name in the domain name system, perhaps for all below one, or an IP address. */
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final Maker maker;
    private final Path usual;
    private final PrintWriter out;
    private final PrintWriter err;

    private TlsCommand(Maker maker, Path usual, PrintWriter out, PrintWriter err) {
        this.maker = maker;
        this.usual = usual;
        this.out = out;
        this.err = err;
    }

    /** Makes a certificate for names and addresses. */
    @FunctionalInterface
    public interface Maker {
        Made make(List<String> names, int days);
    }

    /** A certificate and its secret key, in PEM form. */
    public record Made(String certificate, String key) {}

    /**
     * The command.
     *
     * @param environment may say the data directory, as for the node itself
     */
    public static Command command(Maker maker, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        CommandSpec spec = Cli.spec("Makes certificates for trials: qbc tls self-signed.");
        spec.addSubcommand(
                SELF_SIGNED,
                Cli.spec("Makes tls.crt and tls.key for localhost, 127.0.0.1, ::1 and more, and prints how to use"
                                + " them.")
                        .addOption(option(DATA, "DIR", Path.class)
                                .description("The data directory in which to put them; default that of QBC_DATA, else"
                                        + " data.")
                                .build())
                        .addOption(option(OUT, "DIR", Path.class)
                                .description("Another directory to put them in.")
                                .build())
                        .addOption(option(NAME, "HOST", List.class)
                                .auxiliaryTypes(String.class)
                                .description("A further name or address of the node; may be given several times.")
                                .build())
                        .addOption(option(DAYS, "N", Integer.class)
                                .description("For how long it is; default " + DAYS_USUAL + ".")
                                .build())
                        .addOption(OptionSpec.builder(REPLACE)
                                .arity("0")
                                .description("Replace what is there; a running node takes it within two seconds.")
                                .build()));
        Path usual = Path.of(environment.getOrDefault("QBC_DATA", "data"));
        return new Command("tls", spec, new TlsCommand(maker, usual, out, err)::run);
    }

    private static OptionSpec.Builder option(String name, String label, Class<?> type) {
        return OptionSpec.builder(name).paramLabel(label).type(type).arity("1");
    }

    private int run(ParseResult parsed) {
        if (!parsed.hasSubcommand()) {
            throw new ConfigException("tls needs " + SELF_SIGNED);
        }
        ParseResult below = parsed.subcommand();
        if (below.hasMatchedOption(DATA) && below.hasMatchedOption(OUT)) {
            throw new ConfigException("of " + DATA + " and " + OUT + " only one can be given");
        }
        Path directory = below.matchedOptionValue(OUT, below.matchedOptionValue(DATA, usual));
        List<String> names =
                below.hasMatchedOption(NAME) ? below.matchedOption(NAME).originalStringValues() : List.of();
        for (String name : names) {
            if (!HOST.matcher(name).matches()) {
                throw new ConfigException(
                        NAME + " must be a name like node1.example, or an address, but is '" + name + "'");
            }
        }
        int days = below.matchedOptionValue(DAYS, DAYS_USUAL);
        if (days < 1 || days > DAYS_MAX) {
            throw new ConfigException(DAYS + " must be 1 to " + DAYS_MAX + " but is " + days);
        }
        write(directory, maker.make(names, days), below.hasMatchedOption(REPLACE));
        return 0;
    }

    private void write(Path directory, Made made, boolean replace) {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        for (Path file : List.of(key, certificate)) {
            if (!replace && Files.exists(file)) {
                throw new ConfigException(file + " is there already; " + REPLACE + " puts another one in its place");
            }
        }
        try {
            Files.createDirectories(directory);
            PrivateFile.write(key, made.key());
            Path beside = certificate.resolveSibling(certificate.getFileName() + ".new");
            Files.writeString(beside, made.certificate());
            Files.move(beside, certificate, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ConfigException("the directory " + directory + " cannot be written: " + e);
        }
        tell(certificate, key);
    }

    private void tell(Path certificate, Path key) {
        out.println("QBC_HTTP_TLS_CERTIFICATE=" + certificate);
        out.println("QBC_HTTP_TLS_KEY=" + key);
        out.println("QBC_CA=" + certificate);
        out.flush();
        err.println("qbc: set these for the node (http.tls in node.yaml) and for the commands that ask it; curl takes"
                + " --cacert " + certificate);
        err.flush();
    }
}
