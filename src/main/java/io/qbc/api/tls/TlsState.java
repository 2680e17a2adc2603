package io.qbc.api.tls;

import io.qbc.bus.Catalogue.Warning;
import io.qbc.config.CertificateDemand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of a TLS server.
 *
 * @param subject of the certificate in use
 * @param endsAt when that certificate ends, in milliseconds since 1970
 * @param fault what is wrong with newer files, so that the older ones go on to hold
 * @param taken how often newer files took their place
 * @param refused how often newer files were refused
 */
public record TlsState(
        String subject,
        long beginsAt,
        long endsAt,
        CertificateDemand clientAuth,
        Optional<String> fault,
        long taken,
        long refused) {
    /** Long enough to renew by hand. */
    private static final long SOON_MILLIS = Duration.ofDays(14).toMillis();
    /** A certificate for some days is renewed when a third of them is left. */
    private static final int SHARE = 3;

    /** Whether it ends so soon that it should have been renewed. */
    public boolean endsSoon(long now) {
        return endsAt - now < Math.min(SOON_MILLIS, (endsAt - beginsAt) / SHARE);
    }

    /** What should be looked after. */
    public List<Warning> warnings(long now) {
        List<Warning> warnings = new ArrayList<>(2);
        fault.ifPresent(why -> warnings.add(new Warning("certificate_refused", Optional.empty(), why)));
        if (endsSoon(now)) {
            warnings.add(new Warning(
                    "certificate_ending",
                    Optional.empty(),
                    "the certificate of the API ends on " + Instant.ofEpochMilli(endsAt)));
        }
        return warnings;
    }

    TlsState refused(String why) {
        return new TlsState(subject, beginsAt, endsAt, clientAuth, Optional.of(why), taken, refused + 1);
    }
}
