package io.qbc.schema;

import java.time.Month;
import java.time.Year;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formats of texts that rules may demand; other names say something to people and demand nothing. */
final class Formats {
    /** A longer text fits none of them. */
    static final int TEXT_CHARS_MAX = 2000;

    private static final int DATE_CHARS = 10;
    private static final int LOCAL_CHARS_MAX = 64;
    private static final int DOMAIN_CHARS_MAX = 255;
    private static final int DAY_MINUTES = 24 * 60;
    private static final Set<String> DEMANDED = Set.of("date", "time", "date-time", "uuid", "email", "ipv4", "uri");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(\\.[0-9]+)?"
            + "([zZ]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern ATOM = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern OCTET = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    private Formats() {}

    static boolean isDemanded(String format) {
        return DEMANDED.contains(format);
    }

    static boolean fits(String format, String text) {
        return text.length() <= TEXT_CHARS_MAX
                && switch (format) {
                    case "date" -> isDate(text);
                    case "time" -> isTime(text);
                    case "date-time" -> isDateTime(text);
                    case "uuid" -> UUID.matcher(text).matches();
                    case "email" -> isMailbox(text);
                    case "ipv4" -> isIpv4(text);
                    case "uri" ->
                        UriReference.of(text)
                                .filter(uri -> !uri.scheme().isEmpty())
                                .isPresent();
                    default -> true;
                };
    }

    private static boolean isDateTime(String text) {
        return text.length() > DATE_CHARS
                && (text.charAt(DATE_CHARS) == 'T' || text.charAt(DATE_CHARS) == 't')
                && isDate(text.substring(0, DATE_CHARS))
                && isTime(text.substring(DATE_CHARS + 1));
    }

    private static boolean isDate(String text) {
        if (!DATE.matcher(text).matches()) {
            return false;
        }
        int year = Integer.parseInt(text, 0, 4, 10);
        int month = Integer.parseInt(text, 5, 7, 10);
        int day = Integer.parseInt(text, 8, 10, 10);
        return month >= 1 && month <= 12 && day >= 1 && day <= Month.of(month).length(Year.isLeap(year));
    }

    private static boolean isTime(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return false;
        }
        if (!time.group(3).equals("60")) {
            return true;
        }
        // A leap second is the last of a day in UTC.
        int offset =
                time.group(6) == null ? 0 : minutes(time, 7) * (time.group(6).equals("+") ? 1 : -1);
        return Math.floorMod(minutes(time, 1) - offset, DAY_MINUTES) == DAY_MINUTES - 1;
    }

    private static int minutes(Matcher time, int group) {
        return 60 * Integer.parseInt(time.group(group)) + Integer.parseInt(time.group(group + 1));
    }

    private static boolean isMailbox(String text) {
        int at = text.lastIndexOf('@');
        return at >= 1
                && at <= LOCAL_CHARS_MAX
                && isLocal(text.substring(0, at))
                && text.length() - at - 1 <= DOMAIN_CHARS_MAX
                && isDomain(text.substring(at + 1));
    }

    private static boolean isLocal(String text) {
        return text.startsWith("\"") ? isQuoted(text) : areAll(ATOM, text);
    }

    private static boolean isQuoted(String text) {
        int end = text.length() - 1;
        for (int i = 1; i < end; i++) {
            char c = text.charAt(i);
            i += c == '\\' ? 1 : 0;
            if (c == '"' || i == end || c < ' ' || c > '~' || text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return end >= 1 && text.charAt(end) == '"';
    }

    private static boolean isDomain(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return areAll(LABEL, text);
        }
        String address = text.substring(1, text.length() - 1);
        return address.regionMatches(true, 0, "IPv6:", 0, 5) ? isIpv6(address.substring(5)) : isIpv4(address);
    }

    private static boolean areAll(Pattern each, String dotted) {
        return List.of(dotted.split("\\.", -1)).stream()
                .allMatch(part -> each.matcher(part).matches());
    }

    private static boolean isIpv4(String text) {
        return text.chars().filter(c -> c == '.').count() == 3 && areAll(OCTET, text);
    }

    /** Whether the text is an address as RFC 3986 writes it between brackets. */
    static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** How many groups of 16 bits a text has; below 0 if it is none. */
    private static int groups(String text, boolean isLast) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] groups = text.split(":", -1);
        int last = groups.length - 1;
        boolean four = isLast && isIpv4(groups[last]);
        for (int i = 0; i < groups.length; i++) {
            if (!(four && i == last) && !GROUP.matcher(groups[i]).matches()) {
                return -1;
            }
        }
        return groups.length + (four ? 1 : 0);
    }
}
