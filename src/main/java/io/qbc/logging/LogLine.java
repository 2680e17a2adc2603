package io.qbc.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * An encoder that writes an event as a line with time, level, class and message, and below it where it was thrown.
 * Messages have text of others in them, which is escaped, so that each line that looks like an event is one.
 */
public final class LogLine extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = new byte[0];
    private static final int LEVEL_CHARS = 5;

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder out = new StringBuilder(160);
        time(event.getTimeStamp(), out);
        String level = event.getLevel().toString();
        out.append(' ').append(level).append(" ".repeat(Math.max(0, LEVEL_CHARS - level.length())));
        String logger = event.getLoggerName();
        out.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
        EscapedText.append(event.getFormattedMessage(), out.append(' ')).append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            thrown(thrown, "", "", out);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    /** A stack trace as Java prints it, but for messages that would have lines of their own. */
    private static void thrown(IThrowableProxy thrown, String title, String indent, StringBuilder out) {
        out.append(indent).append(title).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            EscapedText.append(thrown.getMessage(), out.append(": "));
        }
        out.append('\n');
        if (thrown.isCyclic()) {
            return;
        }
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        for (int i = 0; i < frames.length - thrown.getCommonFrames(); i++) {
            out.append(indent).append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        if (thrown.getCommonFrames() > 0) {
            out.append(indent).append("\t... ").append(thrown.getCommonFrames()).append(" common frames omitted\n");
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            thrown(suppressed, "Suppressed: ", indent + '\t', out);
        }
        if (thrown.getCause() != null) {
            thrown(thrown.getCause(), "Caused by: ", indent, out);
        }
    }

    /** UTC with milliseconds (RFC 3339), by hand, as the formatters take long to load. */
    private static void time(long millis, StringBuilder out) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
        digits(at.getYear(), 4, out).append('-');
        digits(at.getMonthValue(), 2, out).append('-');
        digits(at.getDayOfMonth(), 2, out).append('T');
        digits(at.getHour(), 2, out).append(':');
        digits(at.getMinute(), 2, out).append(':');
        digits(at.getSecond(), 2, out).append('.');
        digits((int) Math.floorMod(millis, 1000L), 3, out).append('Z');
    }

    private static StringBuilder digits(int value, int width, StringBuilder out) {
        String text = Integer.toString(value);
        return out.append("0".repeat(width - text.length())).append(text);
    }
}
