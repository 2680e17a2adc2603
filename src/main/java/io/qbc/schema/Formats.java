package io.qbc.schema;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Month;
import java.time.Year;
import java.util.Set;
import java.util.regex.Pattern;

/** The formats of texts that rules may demand; other names say something to people and demand nothing. */
final class Formats {
    /** A longer text fits none of them. */
    static final int TEXT_CHARS_MAX = 2000;

    private static final Set<String> DEMANDED = Set.of("date", "time", "date-time", "uuid", "email", "ipv4", "uri");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile(
            "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?([zZ]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");
    private static final Pattern FOUR =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}(?<!\\.)");

    private Formats() {}

    static boolean isDemanded(String format) {
        return DEMANDED.contains(format);
    }

    static boolean fits(String format, String text) {
        return switch (format) {
            case "date" -> date(text);
            case "time" -> TIME.matcher(brief(text)).matches();
            case "date-time" -> dateTime(text);
            case "uuid" -> UUID.matcher(brief(text)).matches();
            case "email" -> EMAIL.matcher(brief(text)).matches();
            case "ipv4" -> FOUR.matcher(brief(text)).matches();
            case "uri" -> uri(brief(text));
            default -> true;
        };
    }

    /** The text, or something that fits nothing if it is too long to fit. */
    private static String brief(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : "";
    }

    private static boolean dateTime(String text) {
        return text.length() > 11
                && (text.charAt(10) == 'T' || text.charAt(10) == 't')
                && date(text.substring(0, 10))
                && TIME.matcher(brief(text.substring(11))).matches();
    }

    private static boolean date(String text) {
        if (text.length() != 10 || !DATE.matcher(text).matches()) {
            return false;
        }
        int year = Integer.parseInt(text, 0, 4, 10);
        int month = Integer.parseInt(text, 5, 7, 10);
        int day = Integer.parseInt(text, 8, 10, 10);
        return month >= 1 && month <= 12 && day >= 1 && day <= Month.of(month).length(Year.isLeap(year));
    }

    private static boolean uri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
