package io.qbc.e2e;

import java.util.List;

/** Whatever a browser might take for more than text, if anybody let it; what runs says so in {@code window.taken}. */
final class HostileTexts {
    static final String MARKUP = "<img src=x onerror=window.taken=1><script>window.taken=2</script>";
    static final String CLOSING = "</pre></textarea></script></style></title><svg/onload=window.taken=3>";
    static final String ADDRESS = "javascript:window.taken=4";
    static final String ATTRIBUTE = "\" onmouseover=window.taken=5 x='\" onfocus=window.taken=6 autofocus tabindex=1";
    static final String ENTITY = "&lt;img src=x onerror=window.taken=7&gt;&#60;b&#62;";
    static final String TEMPLATE = "${window.taken=8}{{window.taken=9}}<%= 7*7 %>";
    static final String TURNING = "\u202Egnp.exe\u202C \u2066\u2069\u200F\u061C \u05D0\u05D1\u05D2 \u0627\u0644\u0639";
    static final String WIDE = "W".repeat(200);

    /** None is longer than a type or an idempotency key may be. */
    static final List<String> ALL = List.of(MARKUP, CLOSING, ADDRESS, ATTRIBUTE, ENTITY, TEMPLATE, TURNING, WIDE);

    /** What no text can be; the node refuses it. */
    static final String LONE = "{\"lone\":\"\\ud800\",\"\\udc00\":\"turned\"}";

    private static final String TURNS = "\u061C\u200F\u202C\u202E\u2066\u2069";
    private static final int LONG = 1_000_000;
    private static final int DEPTH = 30;
    private static final int MEMBERS = 2000;

    private HostileTexts() {}

    /** A text as it is to be shown: marks that turn the direction of what follows by their number. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean turns = TURNS.indexOf(each) >= 0;
            shown.append(turns ? "\\u%04x".formatted((int) each) : String.valueOf(each));
        }
        return shown.toString();
    }

    /** Payloads, as JSON, that are more than a text. */
    static List<String> payloads() {
        StringBuilder members = new StringBuilder("{\"__proto__\":{\"taken\":10},\"constructor\":1,\"toString\":2");
        for (int i = 0; i < MEMBERS; i++) {
            members.append(",\"").append(WIDE).append(i).append("\":").append(i);
        }
        return List.of(
                "{\"long\":\"" + "x".repeat(LONG) + "\"}",
                "\"" + "<b>".repeat(LONG / 8) + "\"",
                "{\"pair\":\"\\ud83d\\ude00\",\"none\":\"\\u0000\\u0001\\u001b[31m\",\"\\ufeff\":\"\\ufffe\\uffff\"}",
                "[".repeat(DEPTH) + "\"deep\"" + "]".repeat(DEPTH),
                "{\"a\":".repeat(DEPTH) + "\"<script>window.taken=11</script>\"" + "}".repeat(DEPTH),
                members.append('}').toString(),
                "123456789012345678901234567890.5e-400",
                "\"\"");
    }
}
