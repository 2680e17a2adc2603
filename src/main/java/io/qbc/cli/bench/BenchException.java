package io.qbc.cli.bench;

/** A scenario could not be carried out; the message says why. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}
