package io.qbc.node;

import io.qbc.bus.Failure;
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
        if (message.contains("Address already in use")) {
            return new StartupError(
                    "port " + config.port() + " on " + config.host() + " is in use; choose another with --port",
                    FAILED);
        }
        if (root instanceof UnknownHostException
                || root instanceof UnresolvedAddressException
                || message.contains("assign requested address")) {
            return new StartupError(
                    "host " + config.host() + " is no address of this machine; choose another with --host", FAILED);
        }
        if (message.contains("Permission denied") && config.port() < 1024 && message.contains("bind")) {
            return new StartupError(
                    "port " + config.port() + " needs more rights; choose one above 1023 with --port", FAILED);
        }
        if (root instanceof Failure failed && failed.refusal().reason() == Reason.CORRUPT) {
            return new StartupError(line(message + RESTORE), FAILED);
        }
        return new StartupError(line(said(root, message)), FAILED);
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
