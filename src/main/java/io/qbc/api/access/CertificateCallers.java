package io.qbc.api.access;

import io.qbc.access.Caller;
import io.qbc.access.Grant;
import io.qbc.access.Proof;
import io.qbc.access.Role;
import io.qbc.config.CertificateMapping;
import io.qbc.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** The callers that certificates stand for, as the configuration has them; the first mapping that fits counts. */
final class CertificateCallers {
    private final List<Mapped> all = new ArrayList<>();

    private record Mapped(CertificateMapping mapping, String subject, Caller caller) {
        boolean fits(ClientCertificate certificate) {
            return mapping.isAlternativeName()
                    ? certificate.names().contains(mapping.certificate())
                    : certificate.subject().equals(subject);
        }
    }

    /** @param mappings as {@link CertificateMapping} reads them */
    CertificateCallers(List<String> mappings) {
        mappings.stream().map(CertificateMapping::parse).forEach(mapping -> all.add(mapped(mapping)));
    }

    private static Mapped mapped(CertificateMapping mapping) {
        List<Grant> grants = new ArrayList<>();
        for (String role : mapping.roles()) {
            grants.add(Grant.parse(role)
                    .orElseThrow(() -> new ConfigException("access.certificates must have roles of "
                            + String.join(", ", Role.words()) + ", and perhaps @ and a chain, but has '" + role
                            + "'")));
        }
        String subject = mapping.isAlternativeName() ? "" : canonical(mapping.certificate());
        String name = mapping.name();
        return new Mapped(mapping, subject, new Caller("certificate:" + name, name, grants, name, Proof.CERTIFICATE));
    }

    private static String canonical(String subject) {
        try {
            return new X500Principal(subject).getName(X500Principal.CANONICAL);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("access.certificates must have subjects like CN=orders,O=Example, or names like"
                    + " DNS:orders.example, but has '" + subject + "'");
        }
    }

    /** The caller that has shown a certificate, unless it has ended since or means nothing here. */
    Optional<Caller> caller(ClientCertificate certificate, long nowMillis) {
        if (certificate.endsAt() <= nowMillis) {
            return Optional.empty();
        }
        return all.stream()
                .filter(mapped -> mapped.fits(certificate))
                .findFirst()
                .map(mapped -> mapped.caller().until(certificate.endsAt()));
    }
}
