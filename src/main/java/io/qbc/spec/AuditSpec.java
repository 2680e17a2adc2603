package io.qbc.spec;

import io.qbc.json.JsonTree;
import io.qbc.model.AuditChain;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** The spec of a node's audit trail: the same at every start, and sealed by the node's own key alone. */
public final class AuditSpec {
    /** How long an entry waits at most until it can be proved. */
    private static final long LEAP_AGE_MILLIS = 10_000;

    private static final long LEAP_TRANSACTIONS = 1000;

    private AuditSpec() {}

    /**
     * The spec of a node's audit trail.
     *
     * @param self the node's public key
     */
    public static ChainSpec of(Bytes self) {
        Map<String, Object> leap = new LinkedHashMap<>();
        leap.put("transactions", LEAP_TRANSACTIONS);
        leap.put("age", LEAP_AGE_MILLIS);
        Map<String, Object> consensus = new LinkedHashMap<>();
        consensus.put("engine", "dbc");
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("name", AuditChain.NAME);
        spec.put("description", AuditChain.DESCRIPTION);
        spec.put("genesisTime", 0L);
        spec.put("consensus", consensus);
        spec.put("leap", leap);
        return ChainSpecReader.read(Bytes.utf8(JsonTree.write(spec)), "the spec of the audit trail", self, 0);
    }
}
