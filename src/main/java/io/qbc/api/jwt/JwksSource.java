package io.qbc.api.jwt;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.time.Duration;

/** A place where an issuer shows its public keys. */
public interface JwksSource {
    /** The document as it is now; fails if it cannot be had in time. */
    Future<Bytes> read();

    /** How long after one reading the next one may follow. */
    Duration pause();

    /** How long after one reading the next one follows in any case. */
    Duration period();
}
