package io.qbc.projection;

import io.qbc.model.Hash;
import io.qbc.projection.mapping.Mapping;
import java.util.Optional;

/**
 * A projection as its node keeps it.
 *
 * @param chain the id of its chain, once it was found by its name: the name may become another chain's
 * @param paused whether somebody stopped it
 * @param rebuild whether somebody asked for other tables that have not taken their place yet
 */
record Definition(String name, Mapping mapping, Optional<Hash> chain, boolean paused, boolean rebuild) {
    Definition of(Hash id) {
        return new Definition(name, mapping, Optional.of(id), paused, rebuild);
    }

    Definition paused(boolean stop) {
        return new Definition(name, mapping, chain, stop, rebuild);
    }

    Definition rebuild(boolean wanted) {
        return new Definition(name, mapping, chain, paused, wanted);
    }
}
