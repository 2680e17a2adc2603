package io.qbc.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Writes an event as the pattern of the shipped {@code conf/logback.xml} does: time, level, class, message. */
final class LogLine extends EncoderBase<ILoggingEvent> {
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
        out.append(' ').append(event.getFormattedMessage()).append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            out.append(ThrowableProxyUtil.asString(thrown));
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
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
