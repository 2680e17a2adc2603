package io.qbc.config;

import java.io.IOException;
import java.nio.file.Path;

/** A file of an earlier run has something else in it than was written there. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedFileException(Path file, String what) {
        this(file + " is damaged: " + what);
    }

    private DamagedFileException(String message) {
        super(message);
    }

    /** The same with what to do. */
    public DamagedFileException with(String remedy) {
        return new DamagedFileException(getMessage() + ". " + remedy);
    }
}
