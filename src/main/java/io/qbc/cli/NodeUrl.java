package io.qbc.cli;

import io.qbc.config.ConfigException;
import io.qbc.config.PeerAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/** The base address of the node that a command asks: the flag {@code --url}, and what it is without it. */
public final class NodeUrl {
    public static final String FLAG = "--url";
    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 5000;

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

    /** The address that a value of the flag is, without a slash at its end. */
    public static String read(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
                return uri.toString();
            }
        } catch (URISyntaxException e) {
            throw refused(text);
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
