package io.qbc.front;

import java.util.Optional;

/** No node could be given a request, so nothing was done. */
final class NoNodeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoNodeException(Optional<Throwable> cause) {
        super("no node", cause.orElse(null), false, false);
    }
}
