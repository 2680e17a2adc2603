package io.qbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code health}: asks a running node whether it is ready, so that a container needs no other tool for it.
 */
public final class HealthCommand {
    private static final int TIMEOUT_MILLIS = 3000;

    private HealthCommand() {}

    /**
     * The command.
     *
     * @param environment may say the node's address or port
     */
    public static Command command(PrintWriter out, Map<String, String> environment) {
        CommandSpec spec = Cli.spec("Asks a running node whether it is ready; exit code 0 if it is, else 1.");
        spec.addOption(NodeUrl.option(environment)).addOption(Trust.option());
        return new Command("health", spec, parsed -> check(parsed, environment, out));
    }

    private static int check(ParseResult parsed, Map<String, String> environment, PrintWriter out) {
        String url = parsed.commandSpec().optionsMap().get(NodeUrl.FLAG).getValue();
        String answer = ask(url, Trust.read(parsed.commandSpec(), environment));
        out.println(url + " " + answer);
        out.flush();
        return answer.equals("ready") ? 0 : 1;
    }

    private static String ask(String url, Trust trust) {
        try {
            URI ready = URI.create(url.endsWith("/") ? url + "health/ready" : url + "/health/ready");
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            trust.apply(connection);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            return status == HttpURLConnection.HTTP_OK ? "ready" : "is not ready: it answers " + status;
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            return "is not ready: " + e.getMessage();
        }
    }
}
