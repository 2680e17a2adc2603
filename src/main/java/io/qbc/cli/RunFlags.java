package io.qbc.cli;

import io.qbc.config.ConfigReader.Flag;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the command {@code run} takes and does; nothing of picocli is needed to know it. */
public final class RunFlags {
    static final String CONF = "--conf";
    /** The one flag that may be given several times. */
    static final String MANY = "--peer";

    /** The configuration keys that the flags set. */
    static final Map<String, String> KEYS =
            Map.of("--host", "host", "--port", "port", "--data", "data", MANY, "peers", "--advertise", "advertise");

    private RunFlags() {}

    /** Starts a node and gives 0 when it runs, else the exit code. */
    @FunctionalInterface
    public interface Launch {
        int launch(Optional<Path> conf, List<Flag> flags);
    }

    static boolean known(String flag) {
        return flag.equals(CONF) || KEYS.containsKey(flag);
    }
}
