package io.qbc.cli.inject;

import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.ExitCode;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A source of data: an argument itself, {@code @FILE}, or {@code -} for standard input. */
public final class DataSource {
    /** What an argument for data can be, for the help of commands. */
    public static final String FORMS = "JSON, @FILE for a file, or - for standard input";
    /** The node has limits of its own, and says them. */
    private static final JsonLimits LIMITS = new JsonLimits(Integer.MAX_VALUE, 1000);

    private DataSource() {}

    /** All of it, without white space around it. */
    public static String text(String argument, InputStream in) {
        try (BufferedReader reader = lines(argument, in)) {
            StringBuilder all = new StringBuilder();
            char[] part = new char[8192];
            for (int count = reader.read(part); count >= 0; count = reader.read(part)) {
                all.append(part, 0, count);
            }
            return all.toString().strip();
        } catch (IOException e) {
            throw unreadable(argument, e);
        }
    }

    /** The same to read line by line. */
    static BufferedReader lines(String argument, InputStream in) {
        if (argument.equals("-")) {
            return reader(in);
        }
        if (!argument.startsWith("@")) {
            return reader(new ByteArrayInputStream(argument.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return reader(Files.newInputStream(Path.of(argument.substring(1))));
        } catch (NoSuchFileException e) {
            throw new ConfigException("the file " + argument.substring(1) + " does not exist");
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException("the file " + argument.substring(1) + " cannot be read (" + e + ")");
        }
    }

    static ConfigException unreadable(String argument, IOException cause) {
        return new ConfigException((argument.startsWith("@") ? "the file " + argument.substring(1) : "standard input")
                + " cannot be read as UTF-8 text (" + cause + ")");
    }

    /** The text as data: JSON as it is, or a plain text as a JSON string. */
    static Bytes data(String text, boolean plain) {
        if (plain) {
            return Bytes.utf8(JsonTree.write(text));
        }
        Bytes data = Bytes.utf8(text);
        StrictJson.check(data, LIMITS).ifPresent(fault -> {
            throw new CallFailure(ExitCode.REFUSED, "the data is no JSON: " + fault + "; for a plain text give --text");
        });
        return data;
    }

    /** Malformed UTF-8 is an error and not replaced. */
    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    }
}
