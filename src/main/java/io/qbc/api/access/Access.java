package io.qbc.api.access;

import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.access.OperationTable;
import io.qbc.access.Proof;
import io.qbc.access.Role;
import io.qbc.api.audit.AuditTrail;
import io.qbc.api.jwt.Judgement;
import io.qbc.api.jwt.JwtIssuer;
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
    private final InstantSource clock;
    private final ApiKeys keys;
    private final CertificateCallers certificates;
    private final Optional<JwtIssuer> jwt;
    private final RateLimits rates;
    private final FailureBackoff failures = new FailureBackoff();
    private final ExposureWatch exposures = new ExposureWatch();
    private final RelayedCallers relayed = new RelayedCallers();
    private final AuditTrail audit;

    /** Read at the first need: a node that serves its own machine does without, and starts sooner. */
    private static final class Table {
        static final OperationTable READ = OperationTable.read(ApiDocument.BYTES);
    }

    public Access(NodeConfig config, InstantSource clock) {
        this.config = config.access();
        this.clock = clock;
        this.keys = new ApiKeys(new ApiKeyFile(config.data()), clock);
        this.certificates = new CertificateCallers(config.access().certificates());
        this.jwt = Optional.of(config.access())
                .filter(access ->
                        access.mode() == AccessMode.REQUIRED && access.jwt().isOn())
                .map(access -> new JwtIssuer(access.jwt(), clock));
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

    /** The issuer whose tokens count; empty if none do. */
    public Optional<JwtIssuer> jwt() {
        return jwt;
    }

    /** Where credentials came in the clear. */
    public ExposureWatch exposures() {
        return exposures;
    }

    /** From where messages come that bridges put on the bus. */
    public RelayedCallers relayed() {
        return relayed;
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

    /** Whether what is asked at an address of the event bus changes something, whoever may ask. */
    public boolean changes(String address) {
        return Table.READ.byAddress(address).trail() != Operation.Trail.NONE;
    }

    /**
     * What a caller shows by REST, of which the field counts where there is one.
     *
     * @param authorization the field of that name
     * @param certificate of the caller itself, not of a proxy that speaks for it
     */
    public record Shown(Optional<String> authorization, Optional<ClientCertificate> certificate) {}

    /**
     * Who calls by REST.
     *
     * @param address of the caller itself, not of a proxy that speaks for it
     */
    public Identified identify(Operation operation, Shown shown, InetAddress address, long nowNanos) {
        if (config.mode() == AccessMode.LOOPBACK) {
            return address.isLoopbackAddress() || isPublic(operation) ? Identified.LOCAL : NOT_HERE;
        }
        if (isPublic(operation) && !operation.equals(Operation.PAGE)) {
            return Identified.NOBODY;
        }
        Optional<Excess> excess = rates.ofAddress(address, nowNanos);
        if (excess.isPresent()) {
            return Identified.over(excess.get());
        }
        if (operation.equals(Operation.PAGE)) {
            return Identified.NOBODY;
        }
        if (config.mode() == AccessMode.OPEN) {
            return Identified.ANYBODY;
        }
        Optional<String> authorization = shown.authorization();
        Judgement judged = authorization.isPresent() ? prove(authorization, nowNanos) : prove(shown.certificate());
        if (judged.caller().isPresent()) {
            return limited(judged.caller().get(), nowNanos);
        }
        if (judged.pending().isPresent()) {
            return Identified.after(judged.pending().get());
        }
        if (authorization.isEmpty() && operation.audience() == Audience.WHOEVER) {
            return Identified.NOBODY;
        }
        return authorization
                .flatMap(wrong -> failures.failed(address, nowNanos))
                .map(Identified::over)
                .orElse(Identified.UNPROVED);
    }

    /** What a caller by REST has left of the limits of its requests, if it has any. */
    public Optional<Quota> quota(Operation operation, Caller caller, InetAddress address, long nowNanos) {
        return config.mode() == AccessMode.LOOPBACK || isPublic(operation)
                ? Optional.empty()
                : rates.left(caller, address, nowNanos);
    }

    /** Takes a request of an address that is about no operation; why not, if it has none left. */
    public Optional<Excess> excess(InetAddress address, long nowNanos) {
        return config.mode() == AccessMode.LOOPBACK ? Optional.empty() : rates.ofAddress(address, nowNanos);
    }

    /**
     * Who calls over the event bus, where anybody may ask for what is open to whoever calls.
     *
     * @param authorization the header of that name
     */
    public Identified identify(Operation operation, Optional<String> authorization, long nowNanos) {
        boolean whoever = operation.audience() == Audience.WHOEVER && config.mode() == AccessMode.REQUIRED;
        return whoever && authorization.isEmpty() ? Identified.NOBODY : identify(authorization, nowNanos);
    }

    /**
     * Who shows this over the event bus, whatever is asked for.
     *
     * @param authorization the header of that name
     */
    public Identified identify(Optional<String> authorization, long nowNanos) {
        return switch (config.mode()) {
            case LOOPBACK -> Identified.LOCAL;
            case OPEN -> Identified.ANYBODY;
            case REQUIRED -> {
                Judgement judged = prove(authorization, nowNanos);
                yield judged.caller()
                        .map(caller -> limited(caller, nowNanos))
                        .or(() -> judged.pending().map(Identified::after))
                        .orElse(Identified.UNPROVED);
            }
        };
    }

    /** Whether the credential of a caller that was proved earlier still counts. */
    public boolean isProvedStill(Caller caller) {
        return switch (caller.proof()) {
            case KEY -> keys.isValid(caller.id());
            case TOKEN, CERTIFICATE ->
                caller.endsAt().isPresent() && clock.millis() < caller.endsAt().getAsLong();
            case LOOPBACK, NONE -> true;
        };
    }

    private static boolean isPublic(Operation operation) {
        return operation.audience() == Audience.ANYONE || operation.audience() == Audience.PEERS;
    }

    private Identified limited(Caller caller, long nowNanos) {
        Optional<Excess> excess = caller.proof() == Proof.TOKEN
                ? rates.ofToken(caller.id(), nowNanos)
                : rates.ofCredential(caller.id(), nowNanos);
        return excess.isPresent() ? Identified.over(excess.get()) : Identified.as(caller);
    }

    private Judgement prove(Optional<ClientCertificate> certificate) {
        return certificate
                .flatMap(shown -> certificates.caller(shown, clock.millis()))
                .map(Judgement::of)
                .orElse(Judgement.WRONG);
    }

    private Judgement prove(Optional<String> authorization, long nowNanos) {
        if (authorization.isEmpty() || !authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Judgement.WRONG;
        }
        String shown = authorization.get().substring(SCHEME.length()).strip();
        // No API key has a dot, and there is no token without.
        return jwt.isPresent() && shown.indexOf('.') >= 0
                ? jwt.get().judge(shown, nowNanos)
                : keys.prove(shown).map(Judgement::of).orElse(Judgement.WRONG);
    }
}
