package io.qbc.http.server;

/** A header that can be read in more than one way, or has too many fields; its text is for the caller. */
final class RefusedHeader extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedHeader(String message) {
        super(message, null, false, false);
    }
}
