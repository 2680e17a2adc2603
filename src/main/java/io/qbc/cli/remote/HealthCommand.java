package io.qbc.cli.remote;

import io.qbc.cli.AskedNode;
import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.NodeUrl;
import io.qbc.cli.Trust;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.NodeClient;
import io.qbc.config.ConfigException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code health}: asks a running node whether it is ready, so that a container needs no other tool for it.
 */
public final class HealthCommand {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

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
        String url = NodeUrl.given(parsed.commandSpec());
        String answer = ask(url, Trust.read(parsed.commandSpec(), environment));
        out.println(url + " " + answer);
        out.flush();
        return answer.equals("ready") ? 0 : 1;
    }

    private static String ask(String url, Trust trust) {
        try {
            AskedNode node = new AskedNode(NodeUrl.FLAG, NodeUrl.read(url), Optional.empty(), trust);
            int status = new NodeClient(node, TIMEOUT).get("/health/ready").status();
            return status == HttpURLConnection.HTTP_OK ? "ready" : "is not ready: it answers " + status;
        } catch (CallFailure | ConfigException e) {
            return "is not ready: " + e.getMessage();
        }
    }
}
