package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.PeerAddress;
import io.qbc.config.PeerAddress.Reading;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The base address of the node that a command asks: the flag {@code --url}, and what it is without it. */
public final class NodeUrl {
    public static final String FLAG = "--url";
    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 5000;
    /** What a node's address is, and a path. */
    private static final Pattern PARTS = Pattern.compile("([a-zA-Z]+://[^/?#]*)(?:/[-!$%&'()*+,./0-9:;=@A-Z_a-z~]*)?");

    private NodeUrl() {}

    /** The flag; the environment may say the address, or the node's port as for the node itself. */
    public static OptionSpec option(Map<String, String> environment) {
        return OptionSpec.builder(FLAG)
                .paramLabel("URL")
                .type(String.class)
                .arity("1")
                .defaultValue(standard(environment))
                .description("The node's base address; default QBC_URL if it is set, else http://127.0.0.1:"
                        + DEFAULT_PORT + ", with QBC_HOST and QBC_PORT if they are set.")
                .build();
    }

    /** What the parsed flag or else the environment says. */
    public static String given(CommandSpec spec) {
        return spec.findOption(FLAG).getValue();
    }

    /** The address that a value of the flag is, without a slash at its end; it may have a path, as behind a proxy. */
    public static String read(String text) {
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        Matcher parts = PARTS.matcher(base);
        if (parts.matches() && PeerAddress.read(parts.group(1)) instanceof Reading.Fine) {
            return base;
        }
        throw refused(text);
    }

    private static ConfigException refused(String text) {
        return new ConfigException("--url must be like http://127.0.0.1:" + DEFAULT_PORT + " but is '" + text + "'");
    }

    private static String standard(Map<String, String> environment) {
        String url = environment.getOrDefault("QBC_URL", "");
        if (!url.isEmpty()) {
            return url;
        }
        String host = environment.getOrDefault("QBC_HOST", "");
        String port = environment.getOrDefault("QBC_PORT", "");
        int number = port.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(port) : DEFAULT_PORT;
        return PeerAddress.local(host.isEmpty() ? DEFAULT_HOST : host, number)
                .secured(Trust.isSecured(environment))
                .text();
    }
}
