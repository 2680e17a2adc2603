package io.qbc.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mapping of a caller's certificate to what it may do, {@code CERTIFICATE=NAME:ROLE+ROLE@CHAIN}.
 *
 * @param certificate an alternative name of it, like {@code DNS:orders.example} or {@code URI:spiffe://example/orders},
 *     or else its whole subject, like {@code CN=orders,O=Example}
 * @param name what the caller is called
 * @param roles each {@code ROLE} or {@code ROLE@CHAIN}
 */
public record CertificateMapping(String certificate, String name, List<String> roles) {
    /** The subject has equals signs too. */
    private static final Pattern FORM =
            Pattern.compile("(.+)=([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([a-z0-9@-]+(?:\\+[a-z0-9@-]+)*)");

    private static final String DNS = "DNS:";
    private static final Pattern NAMED = Pattern.compile("(DNS|URI|IP|email):.+");

    public CertificateMapping {
        roles = List.copyOf(roles);
    }

    /** Reads a mapping; another form is refused. */
    public static CertificateMapping parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new ConfigException("access.certificates must have DNS:NAME=CALLER:ROLE,"
                    + " URI:...=CALLER:ROLE+ROLE@CHAIN or SUBJECT=CALLER:ROLE but has '" + text + "'");
        }
        String named = form.group(1);
        return new CertificateMapping(
                named.startsWith(DNS) ? DNS + named.substring(DNS.length()).toLowerCase(Locale.ROOT) : named,
                form.group(2),
                List.of(form.group(3).split("\\+", -1)));
    }

    /** Whether it is about an alternative name and not about the subject. */
    public boolean isAlternativeName() {
        return NAMED.matcher(certificate).matches();
    }
}
