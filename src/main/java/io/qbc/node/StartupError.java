package io.qbc.node;

import io.qbc.bus.Failure;
import io.qbc.config.BridgeConfig;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.logging.EscapedText;
import io.qbc.model.Reason;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** One line for a person, made of what kept a node from starting, and the exit code for it. */
record StartupError(String text, int code) {
    private static final int FAILED = 1;
    private static final int UNACCEPTABLE = 2;
    private static final String RESTORE = "; qbc verify tells of all that is damaged. Restore the data directory from a"
            + " backup; or mend it from a peer by qbc verify --repair-from URL";

    static StartupError of(Throwable failure, NodeConfig config) {
        Throwable root = root(failure);
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        if (root instanceof ConfigException) {
            return new StartupError(line(message), UNACCEPTABLE);
        }
        Listening at = Listening.of(failure, config);
        if (message.contains("Address already in use")) {
            return new StartupError(
                    "port " + at.port() + " on " + at.host() + " is in use; choose another with " + at.portKey(),
                    FAILED);
        }
        if (root instanceof UnknownHostException
                || root instanceof UnresolvedAddressException
                || message.contains("assign requested address")) {
            return new StartupError(
                    "host " + at.host() + " is no address of this machine; choose another with " + at.hostKey(),
                    FAILED);
        }
        if (message.contains("Permission denied") && at.port() < 1024 && message.contains("bind")) {
            return new StartupError(
                    "port " + at.port() + " needs more rights; choose one above 1023 with " + at.portKey(), FAILED);
        }
        if (root instanceof Failure failed && failed.refusal().reason() == Reason.CORRUPT) {
            return new StartupError(line(message + RESTORE), FAILED);
        }
        return new StartupError(line(said(root, message)), FAILED);
    }

    /** Where the stage that did not start was to listen, and how another place is chosen. */
    private record Listening(String host, int port, String hostKey, String portKey) {
        static Listening of(Throwable failure, NodeConfig config) {
            if (failure instanceof StartFailure start && start.stage().equals(Wiring.TCP_BRIDGE)) {
                BridgeConfig.Tcp tcp = config.bridges().tcp();
                return new Listening(tcp.host(), tcp.port(), "bridges.tcp.host", "bridges.tcp.port");
            }
            return new Listening(config.host(), config.port(), "--host", "--port");
        }
    }

    /** A message that somebody wrote for people stands alone; any other needs its type to be understood. */
    private static String said(Throwable root, String message) {
        return own(root) || root.getClass() == IllegalStateException.class ? message : root.toString();
    }

    private static boolean own(Throwable failure) {
        return failure.getClass().getName().startsWith("io.qbc.");
    }

    private static Throwable root(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && (at instanceof StartFailure || !own(at))) {
            at = at.getCause();
        }
        return at;
    }

    private static String line(String message) {
        return EscapedText.of(
                String.join(" ", message.lines().map(String::strip).toList()));
    }
}
