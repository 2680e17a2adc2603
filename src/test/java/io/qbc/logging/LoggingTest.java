package io.qbc.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.spec.ChainSpecReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The logging that is set up by code is the one that the shipped file describes. */
class LoggingTest {
    private static final long MILLIS = 1_795_358_048_007L;

    @Test
    void writesWhatTheShippedFileWouldWrite() throws Exception {
        ConsoleAppender<ILoggingEvent> shipped = shipped();
        LogLine ours = new LogLine();
        LoggerContext context = new LoggerContext();
        Throwable thrown = new IllegalStateException("outer", new IllegalArgumentException("inner"));
        for (Level level : new Level[] {Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG}) {
            for (String name : new String[] {"io.qbc.mining.Miner", "Plain"}) {
                for (Optional<Throwable> cause : java.util.List.of(Optional.<Throwable>empty(), Optional.of(thrown))) {
                    ILoggingEvent event = event(context.getLogger(name), level, cause);
                    assertThat(new String(ours.encode(event), StandardCharsets.UTF_8))
                            .isEqualTo(new String(shipped.getEncoder().encode(event), StandardCharsets.UTF_8));
                }
            }
        }
    }

    @Test
    void textOfOthersCannotEndALineOrTurnItAround() {
        Logger logger = new LoggerContext().getLogger("io.qbc.gossip.Peer");
        String forged = "x\n2026-11-28T00:00:00.000Z INFO  Node stopped\r\t\u0000\u001b[2J\u0085"
                + "\u2028\u2029\u202e\u2066\u200f\u061c\ud800\ufeff\u007f";
        Throwable thrown = new IllegalStateException(forged, new IllegalArgumentException(forged));
        thrown.addSuppressed(new IllegalArgumentException(forged));
        LoggingEvent event = new LoggingEvent(
                "caller", logger, Level.WARN, "said {} \u00fc\u4e16\ud83d\ude00", thrown, new Object[] {forged});
        String text = new String(new LogLine().encode(event), StandardCharsets.UTF_8);
        assertThat(text).contains("said x\\n2026-").contains("stopped\\r\\t\\u0000\\u001b[2J\\u0085\\u2028\\u2029");
        assertThat(text).contains("\\u202e\\u2066\\u200f\\u061c\\ud800\\ufeff\\u007f \u00fc\u4e16\ud83d\ude00\n");
        assertThat(text.codePoints().filter(point -> point != '\n' && point != '\t'))
                .noneMatch(point -> Character.getType(point) == Character.CONTROL
                        || Character.getType(point) == Character.FORMAT
                        || Character.getType(point) == Character.LINE_SEPARATOR);
        assertThat(text.lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.matches("(Caused by: |\t?Suppressed: |\t|java\\.lang\\.Ill).*"));
    }

    @Test
    void aMemberOfASpecThatNobodyKnowsHasNoLineOfItsOwn() {
        Bytes spec = Bytes.utf8("{\"name\":\"a\",\"b\\nERROR all is lost\":1}");
        Throwable refused = catchThrowable(() -> ChainSpecReader.read(spec, "the test", Samples.SIGNER.key(), 0));
        assertThat(refused).hasMessageContaining("\n");
        Logger logger = new LoggerContext().getLogger("io.qbc.Plain");
        LoggingEvent event = new LoggingEvent(
                "caller", logger, Level.WARN, "refused: {}", null, new Object[] {refused.getMessage()});
        assertThat(new String(new LogLine().encode(event), StandardCharsets.UTF_8))
                .containsOnlyOnce("\n")
                .endsWith("\n")
                .contains("b\\nERROR all is lost");
    }

    @Test
    void setsTheSameLevel() throws Exception {
        LoggerContext byFile = new LoggerContext();
        configure(byFile);
        assertThat(byFile.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void isTheSameFromTheProviderThatSearchesForNothing() {
        LoggingProvider provider = new LoggingProvider();
        provider.initialize();
        Logger root = (Logger) provider.getLoggerFactory().getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) root.getAppender("CONSOLE");
        assertThat(console.isStarted()).isTrue();
        assertThat(console.getEncoder()).isInstanceOf(LogLine.class);
        assertThat(provider.getMarkerFactory().getMarker("m").getName()).isEqualTo("m");
        provider.getMDCAdapter().put("key", "value");
        assertThat(provider.getMDCAdapter().get("key")).isEqualTo("value");
    }

    private static ILoggingEvent event(Logger logger, Level level, Optional<Throwable> cause) {
        LoggingEvent event = new LoggingEvent(
                "caller", logger, level, "at {}, \u00fc", cause.orElse(null), new Object[] {"height 7"});
        event.setTimeStamp(MILLIS);
        return event;
    }

    private static ConsoleAppender<ILoggingEvent> shipped() throws Exception {
        LoggerContext context = new LoggerContext();
        configure(context);
        return (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("CONSOLE");
    }

    private static void configure(LoggerContext context) throws Exception {
        URL file = LoggingTest.class.getClassLoader().getResource("conf/logback.xml");
        JoranConfigurator reader = new JoranConfigurator();
        reader.setContext(context);
        reader.doConfigure(file);
    }
}
