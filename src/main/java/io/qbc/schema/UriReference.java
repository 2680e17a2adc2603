package io.qbc.schema;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URI reference in parts (RFC 3986), each with the marks that belong to it, or empty where there is none. Texts are
 * neither unescaped nor put into a normal form: two references are equal if their characters are.
 */
record UriReference(String scheme, String authority, String path, String query, String fragment) {
    static final UriReference EMPTY = new UriReference("", "", "", "", "");

    private static final Pattern PARTS =
            Pattern.compile("([^:/?#]*:)?(//[^/?#]*)?([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:)?");
    private static final Pattern PORT = Pattern.compile("(:[0-9]*)?");
    private static final Pattern FUTURE = Pattern.compile("v[0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+");
    private static final String FREE = "-._~!$&'()*+,;=";

    /** The parts, if the text is a URI reference. */
    static Optional<UriReference> of(String text) {
        Matcher matcher = PARTS.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        UriReference read = new UriReference(
                part(matcher, 1), part(matcher, 2), part(matcher, 3), part(matcher, 4), part(matcher, 5));
        return read.isSound() ? Optional.of(read) : Optional.empty();
    }

    private static String part(Matcher matcher, int group) {
        return Optional.ofNullable(matcher.group(group)).orElse("");
    }

    private boolean isSound() {
        return SCHEME.matcher(scheme).matches()
                && (authority.isEmpty() || isAuthority(authority.substring(2)))
                && isMadeOf(path, ":@/")
                && (query.isEmpty() || isMadeOf(query.substring(1), ":@/?"))
                && (fragment.isEmpty() || isMadeOf(fragment.substring(1), ":@/?"));
    }

    private static boolean isAuthority(String text) {
        int user = text.indexOf('@');
        String host = text.substring(user + 1);
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : until(host, ':');
        return isMadeOf(text.substring(0, Math.max(user, 0)), ":")
                && isHost(host.substring(0, end))
                && PORT.matcher(host.substring(end)).matches();
    }

    private static int until(String text, char mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text.length() : at;
    }

    private static boolean isHost(String host) {
        if (!host.startsWith("[")) {
            return isMadeOf(host, "");
        }
        String inside = host.substring(1, Math.max(host.length() - 1, 1));
        return Formats.isIpv6(inside) || FUTURE.matcher(inside).matches();
    }

    /** Whether a text has only escapes and characters that stand for themselves, or these marks. */
    private static boolean isMadeOf(String text, String marks) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || hex(text.charAt(i + 1)) < 0 || hex(text.charAt(i + 2)) < 0) {
                    return false;
                }
                i += 2;
            } else if (!isLetterOrDigit(c) && FREE.indexOf(c) < 0 && marks.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** What the reference means where the base is another one (section 5.2.2). */
    UriReference resolve(UriReference base) {
        if (!scheme.isEmpty()) {
            return new UriReference(scheme, authority, withoutDots(path), query, fragment);
        }
        if (!authority.isEmpty()) {
            return new UriReference(base.scheme, authority, withoutDots(path), query, fragment);
        }
        if (path.isEmpty()) {
            return new UriReference(
                    base.scheme, base.authority, base.path, query.isEmpty() ? base.query : query, fragment);
        }
        return new UriReference(base.scheme, base.authority, withoutDots(merged(base)), query, fragment);
    }

    private String merged(UriReference base) {
        if (path.startsWith("/")) {
            return path;
        }
        return base.path.isEmpty() && !base.authority.isEmpty()
                ? "/" + path
                : base.path.substring(0, base.path.lastIndexOf('/') + 1) + path;
    }

    /** Takes out the segments {@code .} and {@code ..} (section 5.2.4). */
    private static String withoutDots(String path) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < path.length()) {
            int end = path.indexOf('/', at + 1);
            boolean last = end < 0;
            String segment = path.substring(at, last ? path.length() : end);
            at += segment.length();
            switch (segment) {
                case ".", ".." -> at++;
                case "/." -> out.append(last ? "/" : "");
                case "/.." -> {
                    out.setLength(Math.max(out.lastIndexOf("/"), 0));
                    out.append(last ? "/" : "");
                }
                default -> out.append(segment);
            }
        }
        return out.toString();
    }

    UriReference withoutFragment() {
        return new UriReference(scheme, authority, path, query, "");
    }

    /** The fragment with its escapes resolved; nothing if they are no UTF-8. */
    Optional<String> fragmentText() {
        byte[] bytes = new byte[fragment.length()];
        int size = 0;
        for (int i = 1; i < fragment.length(); i++) {
            char c = fragment.charAt(i);
            if (c == '%') {
                bytes[size++] = (byte) (16 * hex(fragment.charAt(i + 1)) + hex(fragment.charAt(i + 2)));
                i += 2;
            } else {
                bytes[size++] = (byte) c;
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return scheme + authority + path + query + fragment;
    }
}
