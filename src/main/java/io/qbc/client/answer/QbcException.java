package io.qbc.client.answer;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A refusal of a node, or the reason why none answered, by its stable code.
 *
 * <pre>{@code
 * client.inject("main", request).onFailure(cause -> {
 *     if (cause instanceof QbcException refused && refused.code().equals("key_reused")) {
 *         // The key belongs to other data.
 *     }
 * });
 * }</pre>
 */
public final class QbcException extends RuntimeException {
    /** No node could be reached, or none answered whole. */
    public static final String UNREACHABLE = "unreachable";
    /** There was no answer in time. */
    public static final String TIMED_OUT = "timed_out";
    /** This client has as many calls in flight and waiting as it may have. */
    public static final String CLIENT_BUSY = "client_busy";
    /** What answered is no node, or one of another version. */
    public static final String ANSWER_INVALID = "answer_invalid";
    /** The client was closed. */
    public static final String CLIENT_CLOSED = "client_closed";

    private static final long serialVersionUID = 1L;
    private static final int NO_STATUS = 0;

    private final transient Problem problem;

    /**
     * What went wrong.
     *
     * @param status the HTTP status; 0 where no node answered
     * @param code stable, for programs
     * @param title a short sentence for people, the same for every occurrence
     * @param detail what was wrong this time
     * @param pointers JSON pointers to what is wrong, where that can be said
     * @param retryable whether the same request may succeed later
     */
    public record Problem(
            int status, String code, String title, String detail, List<String> pointers, boolean retryable) {
        public Problem {
            pointers = List.copyOf(pointers);
        }
    }

    public QbcException(Problem problem) {
        super(problem.code() + ": " + problem.detail());
        this.problem = problem;
    }

    public static QbcException own(String code, String title, String detail) {
        boolean retryable = !code.equals(CLIENT_CLOSED) && !code.equals(ANSWER_INVALID);
        return new QbcException(new Problem(NO_STATUS, code, title, detail, List.of(), retryable));
    }

    /** The refusal that a problem document tells of; one made of the status where the document is none. */
    public static QbcException of(int status, Bytes document) {
        return read(document)
                .map(problem -> new QbcException(problem(status, problem)))
                .orElseGet(() -> new QbcException(new Problem(
                        status,
                        "http_" + status,
                        "What answered is no node",
                        "the answer had the status " + status + " and no problem document",
                        List.of(),
                        status >= 500 || status == 429)));
    }

    private static Optional<AnswerReader> read(Bytes document) {
        try {
            return Optional.of(AnswerReader.of(document))
                    .filter(problem -> problem.optionalText("code").isPresent());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public static Problem problem(int status, AnswerReader problem) {
        return new Problem(
                status,
                problem.text("code"),
                problem.optionalText("title").orElse(""),
                problem.optionalText("detail").orElse(""),
                problem.texts("pointers"),
                problem.flag("retryable"));
    }

    /** All of it. */
    public Problem problem() {
        return problem;
    }

    /** The stable code, for programs. */
    public String code() {
        return problem.code();
    }

    /** The HTTP status; 0 where no node answered. */
    public int status() {
        return problem.status();
    }

    /** A short sentence for people, the same for every occurrence. */
    public String title() {
        return problem.title();
    }

    /** What was wrong this time. */
    public String detail() {
        return problem.detail();
    }

    /** JSON pointers to what is wrong, where that can be said. */
    public List<String> pointers() {
        return problem.pointers();
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return problem.retryable();
    }
}
