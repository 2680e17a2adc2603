package io.qbc.bus;

/** The fatal errors, after which nothing that this process holds can be relied on, wherever they come to light. */
public final class FatalError {
    private FatalError() {}

    /**
     * Whether memory ran out. Netty's own limit for network buffers is another type: it fails one connection, and
     * leaves everything as it was.
     */
    public static boolean is(Throwable cause) {
        return cause != null && cause.getClass() == OutOfMemoryError.class;
    }

    /**
     * Hands such an error, which a future carries instead of its thread, to the thread's handler of what nobody caught;
     * does nothing with any other.
     */
    public static void raise(Throwable cause) {
        if (is(cause)) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
        }
    }
}
