package io.qbc.api.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate that a caller has shown, and whose authority and secret key the server has checked.
 *
 * @param subject in its canonical form
 * @param names its alternative names, like {@code DNS:orders.example}, which is in small letters
 * @param endsAt in milliseconds since 1970; the connection on which it was shown may last longer
 */
public record ClientCertificate(String subject, List<String> names, long endsAt) {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    public ClientCertificate {
        names = List.copyOf(names);
    }

    public static ClientCertificate of(X509Certificate certificate) {
        return new ClientCertificate(
                certificate.getSubjectX500Principal().getName(X500Principal.CANONICAL),
                names(certificate),
                certificate.getNotAfter().toInstant().toEpochMilli());
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of());
            for (List<?> name : all) {
                if (name.get(1) instanceof String text) {
                    named((Integer) name.get(0), text).ifPresent(names::add);
                }
            }
        } catch (CertificateParsingException e) {
            // Without names that can be read it has none that mean anything.
            return List.of();
        }
        return names;
    }

    private static Optional<String> named(int type, String text) {
        return switch (type) {
            case EMAIL -> Optional.of("email:" + text);
            case DNS -> Optional.of("DNS:" + text.toLowerCase(Locale.ROOT));
            case URI -> Optional.of("URI:" + text);
            case ADDRESS -> Optional.of("IP:" + text);
            default -> Optional.empty();
        };
    }
}
