package io.qbc.api.access;

import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.access.OperationTable;
import io.qbc.access.Proof;
import io.qbc.access.Role;
import io.qbc.api.audit.AuditTrail;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;

/** What decides who calls, shared by all instances of REST and the event bus. */
public final class Access {
    private static final String PEERS = "/v1/peer/";
    private static final String HEALTH = "/health/";
    private static final String METRICS = "metrics";
    private static final String SCHEME = "Bearer ";

    private static final Identified NOT_HERE = Identified.refused(
            Reason.PROXY_REFUSED.refusal("this node serves callers on its own machine only; see access.mode"));

    private final NodeConfig.Access config;
    private final ApiKeys keys;
    private final RateLimits rates;
    private final FailureBackoff failures = new FailureBackoff();
    private final ExposureWatch exposures = new ExposureWatch();
    private final AuditTrail audit;

    /** Read at the first need: a node that serves its own machine does without, and starts sooner. */
    private static final class Table {
        static final OperationTable READ = OperationTable.read(ApiDocument.BYTES);
    }

    public Access(NodeConfig config, InstantSource clock) {
        this.config = config.access();
        this.keys = new ApiKeys(new ApiKeyFile(config.data()), clock);
        this.rates = new RateLimits(config.access(), System.nanoTime());
        this.audit = new AuditTrail(config.access(), clock);
    }

    /** Where it goes who changed something. */
    public AuditTrail audit() {
        return audit;
    }

    public AccessMode mode() {
        return config.mode();
    }

    public ApiKeys keys() {
        return keys;
    }

    /** Where credentials came in the clear. */
    public ExposureWatch exposures() {
        return exposures;
    }

    RateLimits rates() {
        return rates;
    }

    /** Who may do what a route does. Where everybody may do everything, only the routes of peers are told apart. */
    public Operation operation(String method, String template) {
        if (config.mode() == AccessMode.LOOPBACK) {
            Operation shown = template.startsWith(PEERS)
                    ? Operation.PEERS
                    : template.startsWith(HEALTH) ? Operation.HEALTH : Operation.UNLISTED;
            return config.audit() ? shown.recordedAs(Table.READ.byRoute(method, template)) : shown;
        }
        Operation found = Table.READ.byRoute(method, template);
        return found.id().equals(METRICS) && config.publicMetrics()
                ? new Operation(METRICS, Audience.ANYONE, Role.ADMIN, found.reach())
                : found;
    }

    /** Who may do what is asked at an address of the event bus. */
    public Operation operation(String address) {
        if (config.mode() == AccessMode.REQUIRED) {
            return Table.READ.byAddress(address);
        }
        return config.audit() ? Operation.UNLISTED.recordedAs(Table.READ.byAddress(address)) : Operation.UNLISTED;
    }

    /**
     * Who calls by REST.
     *
     * @param authorization the field of that name
     * @param address of the caller itself, not of a proxy that speaks for it
     */
    public Identified identify(
            Operation operation, Optional<String> authorization, InetAddress address, long nowNanos) {
        if (config.mode() == AccessMode.LOOPBACK) {
            return address.isLoopbackAddress() || isPublic(operation) ? Identified.LOCAL : NOT_HERE;
        }
        if (isPublic(operation)) {
            return Identified.NOBODY;
        }
        Optional<Excess> excess = rates.ofAddress(address, nowNanos);
        if (excess.isPresent()) {
            return Identified.over(excess.get());
        }
        if (config.mode() == AccessMode.OPEN) {
            return Identified.ANYBODY;
        }
        Optional<Caller> proved = prove(authorization);
        if (proved.isPresent()) {
            return limited(proved.get(), nowNanos);
        }
        return authorization
                .flatMap(shown -> failures.failed(address, nowNanos))
                .map(Identified::over)
                .orElse(Identified.UNPROVED);
    }

    /** What a caller by REST has left of the limits of its requests, if it has any. */
    public Optional<Quota> quota(Operation operation, Caller caller, InetAddress address, long nowNanos) {
        return config.mode() == AccessMode.LOOPBACK || isPublic(operation)
                ? Optional.empty()
                : rates.left(caller.id(), address, nowNanos);
    }

    /** Takes a request of an address that is about no operation; why not, if it has none left. */
    public Optional<Excess> excess(InetAddress address, long nowNanos) {
        return config.mode() == AccessMode.LOOPBACK ? Optional.empty() : rates.ofAddress(address, nowNanos);
    }

    /** Who calls over the event bus. */
    public Identified identify(Optional<String> authorization, long nowNanos) {
        return switch (config.mode()) {
            case LOOPBACK -> Identified.LOCAL;
            case OPEN -> Identified.ANYBODY;
            case REQUIRED ->
                prove(authorization).map(caller -> limited(caller, nowNanos)).orElse(Identified.UNPROVED);
        };
    }

    /** Whether the credential of a caller that was proved earlier still counts. */
    public boolean isProvedStill(Caller caller) {
        return caller.proof() != Proof.KEY || keys.isValid(caller.id());
    }

    private static boolean isPublic(Operation operation) {
        return operation.audience() == Audience.ANYONE || operation.audience() == Audience.PEERS;
    }

    private Identified limited(Caller caller, long nowNanos) {
        Optional<Excess> excess = rates.ofCredential(caller.id(), nowNanos);
        return excess.isPresent() ? Identified.over(excess.get()) : Identified.as(caller);
    }

    private Optional<Caller> prove(Optional<String> authorization) {
        if (authorization.isEmpty() || !authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return keys.prove(authorization.get().substring(SCHEME.length()).strip());
    }
}
