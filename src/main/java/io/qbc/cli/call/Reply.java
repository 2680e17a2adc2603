package io.qbc.cli.call;

import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/**
 * A node's answer to one request.
 *
 * @param flag the flag that names the node, for messages
 */
public record Reply(int status, String body, String flag) {
    private static final String UNKNOWN_CALLER =
            "the node wants a valid API key, which qbc access add makes there; show it by QBC_KEY or --credential"
                    + " (credential_required)";

    private static final Map<String, String> HINTS = Map.of(
            "chain_unknown", "; qbc chains shows what there is",
            "key_reused", "; take another --once for other data",
            "busy", "; try again later",
            "pool_full", "; try again later, or let it leap: qbc leap");

    /** Whether the node did what was asked for. */
    public boolean isGranted() {
        return status >= 200 && status < 300;
    }

    /** The same if it grants what was asked for; otherwise fails with what the node says, and what to do. */
    public Reply granted() {
        if (isGranted()) {
            return this;
        }
        throw problem();
    }

    /** The problem that it tells of. */
    public CallFailure problem() {
        return problem(body, status, flag);
    }

    /** The problem that a JSON document tells of. */
    public static CallFailure problem(String document, int status, String flag) {
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            // The JDK's client keeps the body of this answer to itself after a body of known length.
            return new CallFailure(ExitCode.of(status, false), UNKNOWN_CALLER, document);
        }
        AnswerTree problem = AnswerTree.of(document, flag);
        String code = problem.text("code");
        if (code.isEmpty()) {
            return new CallFailure(
                    ExitCode.FAILED, "what answers (status " + status + ") is no QBC node; name one with " + flag);
        }
        String message = problem.text("title") + ": " + problem.text("detail") + " (" + code + ")"
                + Optional.ofNullable(HINTS.get(code)).orElse("");
        return new CallFailure(ExitCode.of(status, problem.flag("retryable")), message, document);
    }

    /** What it has in it. */
    public AnswerTree tree() {
        return AnswerTree.of(body, flag);
    }
}
