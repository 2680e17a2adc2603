package io.qbc.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;

/**
 * Sets the logging up as the shipped {@code conf/logback.xml} says, without the XML, which costs a start 300 ms; any
 * other file is left to Logback's own reader. Logback finds this class as a service.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String SHIPPED = "conf/logback.xml";
    private static final String PROPERTY = "logback.configurationFile";

    /** Before the first logger is made: the file in the working directory wins over the one in the jar. */
    public static void choose() {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        Path local = Path.of(SHIPPED);
        if (Files.exists(local)) {
            System.setProperty(PROPERTY, local.toAbsolutePath().toString());
            return;
        }
        System.setProperty(PROPERTY, SHIPPED);
        // Spares the search for a configuration, which reads manifests and annotations; and a line about it.
        System.setProperty("slf4j.internal.verbosity", "WARN");
        System.setProperty("slf4j.provider", LoggingProvider.class.getName());
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!SHIPPED.equals(System.getProperty(PROPERTY))) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        shipped(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void shipped(LoggerContext context) {
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("CONSOLE");
        console.setEncoder(line);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console);
        // It tells each step; what matters of them the node tells itself.
        context.getLogger("com.hazelcast").setLevel(Level.WARN);
        // It asks for access to parts of the JVM by which it would be faster; it works without.
        context.getLogger("com.hazelcast.instance.impl.HazelcastInstanceFactory")
                .setLevel(Level.ERROR);
    }
}
