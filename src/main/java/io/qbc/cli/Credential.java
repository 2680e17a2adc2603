package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The API key that a command shows to the node that it asks: from a file or the environment, since every user of a
 * machine may see the arguments of its processes.
 */
public final class Credential {
    public static final String FLAG = "--credential";
    private static final String VARIABLE = "QBC_KEY";
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private Credential() {}

    /** The flag, which names a file. */
    public static OptionSpec option() {
        return OptionSpec.builder(FLAG)
                .paramLabel("FILE")
                .type(String.class)
                .arity("1")
                .description("A file with an API key for the node, as access add prints it; default " + VARIABLE
                        + " if it is set.")
                .build();
    }

    /** The key that the parsed flag or else the environment has, if any. */
    public static Optional<String> read(CommandSpec spec, Map<String, String> environment) {
        Optional<String> file = Optional.ofNullable(spec.findOption(FLAG).getValue());
        Optional<String> text = file.map(name -> text(Path.of(name)))
                .or(() -> Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank()));
        return text.map(String::strip).map(token -> token(token, file.orElse("the environment variable " + VARIABLE)));
    }

    /** The value of the header field {@code Authorization}. */
    public static String authorization(String token) {
        return "Bearer " + token;
    }

    private static String text(Path file) {
        try {
            if (Files.exists(file)) {
                PrivateFile.require(file);
            }
        } catch (IOException e) {
            throw new ConfigException("the file " + file + " cannot be read: " + e);
        }
        return ConfigReader.text(file);
    }

    /** Refuses what is no key without repeating it. */
    private static String token(String token, String where) {
        if (!TOKEN.matcher(token).matches()) {
            throw new ConfigException(where + " must have an API key, like qbc_ID_SECRET, and nothing else");
        }
        return token;
    }
}
