package io.qbc.cli;

import io.qbc.config.PeerAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code health}: asks a running node whether it is ready, so that a container needs no other tool for it.
 */
public final class HealthCommand {
    private static final int TIMEOUT_MILLIS = 3000;
    private static final String URL = "--url";
    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 5000;

    private HealthCommand() {}

    /**
     * The command.
     *
     * @param environment may say the node's port, as for the node itself
     */
    public static Command command(PrintWriter out, Map<String, String> environment) {
        CommandSpec spec = Cli.spec("Asks a running node whether it is ready; exit code 0 if it is, else 1.");
        spec.addOption(address(environment));
        return new Command("health", spec, parsed -> check(parsed, out));
    }

    /** The option that says which running node is asked. */
    static OptionSpec address(Map<String, String> environment) {
        String base = base(environment);
        return OptionSpec.builder(URL)
                .paramLabel("URL")
                .type(String.class)
                .arity("1")
                .defaultValue(base)
                .description(
                        "The node's base address; default " + base + ", with QBC_HOST and QBC_PORT if they are set.")
                .build();
    }

    /** Which node is asked, as the option says. */
    static String address(ParseResult parsed) {
        return parsed.commandSpec().optionsMap().get(URL).getValue();
    }

    private static String base(Map<String, String> environment) {
        String host = environment.getOrDefault("QBC_HOST", "");
        String port = environment.getOrDefault("QBC_PORT", "");
        int number = port.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(port) : DEFAULT_PORT;
        return PeerAddress.local(host.isEmpty() ? DEFAULT_HOST : host, number).text();
    }

    private static int check(ParseResult parsed, PrintWriter out) {
        String url = address(parsed);
        String answer = ask(url);
        out.println(url + " " + answer);
        out.flush();
        return answer.equals("ready") ? 0 : 1;
    }

    private static String ask(String url) {
        try {
            URI ready = URI.create(url.endsWith("/") ? url + "health/ready" : url + "/health/ready");
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            return status == HttpURLConnection.HTTP_OK ? "ready" : "is not ready: it answers " + status;
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            return "is not ready: " + e.getMessage();
        }
    }
}
