package io.qbc.api.jwt;

import io.qbc.access.Caller;
import io.qbc.config.JwtConfig;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** An issuer of tokens that is believed: judges its tokens, from any thread and without ever waiting. */
public final class JwtIssuer {
    /** Tokens that are remembered at most, each some hundred bytes. */
    private static final int PROVED_MAX = 10_000;

    private static final int SHOWN_CHARS_MAX = 64;

    private final JwtConfig config;
    private final InstantSource clock;
    private final TokenRules rules;
    private final IssuerKeys keys;
    private final RefusalLog log = new RefusalLog();
    private final LongAdder accepted = new LongAdder();
    private final Map<TokenFault, LongAdder> refused = new EnumMap<>(TokenFault.class);
    /** By the digest of the whole text, so that a request costs a hash and not a signature. */
    private final Map<Hash, Proved> proved = new ConcurrentHashMap<>();

    /** A token that was found valid by these keys. */
    private record Proved(Judgement judgement, JwkSet by, long endsAt) {}

    public JwtIssuer(JwtConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.rules = new TokenRules(config);
        this.keys = new IssuerKeys(rules.algorithms(), clock);
        Arrays.stream(TokenFault.values()).forEach(fault -> refused.put(fault, new LongAdder()));
    }

    /** Reads the issuer's keys for the first time; complete when that is over, whether it succeeded or not. */
    public Future<Void> begin(Vertx vertx, JwksSource source, long nowNanos) {
        return keys.begin(vertx, source, nowNanos);
    }

    /** Reads the issuer's keys again if it is time to; to be called every now and then. */
    public void look(long nowNanos) {
        keys.look(nowNanos);
    }

    /** Whose a token is. Only a key that is not known is asked for, and that not often. */
    public Judgement judge(String text, long nowNanos) {
        if (text.length() > Jwt.CHARS_MAX) {
            return refuse(TokenFault.MALFORMED, "", nowNanos);
        }
        Hash digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        JwkSet known = keys.keys();
        long now = clock.millis();
        Proved before = proved.get(digest);
        if (before != null && before.by() == known && now < before.endsAt()) {
            accepted.increment();
            return before.judgement();
        }
        Optional<Jwt> token = Jwt.parse(text);
        if (token.isEmpty()) {
            return refuse(TokenFault.MALFORMED, "", nowNanos);
        }
        Optional<TokenFault> fault = rules.fault(token.get(), now);
        if (fault.isPresent()) {
            return refuse(fault.get(), detail(token.get(), fault.get()), nowNanos);
        }
        return judge(token.get(), digest, known, nowNanos);
    }

    private Judgement judge(Jwt token, Hash digest, JwkSet known, long nowNanos) {
        Optional<SignatureCheck> check = known.find(
                TokenRules.keyId(token.header()),
                rules.algorithm(token.header()).orElseThrow());
        if (check.isEmpty()) {
            return keys.refresh(nowNanos)
                    .map(Judgement::after)
                    .orElseGet(() -> refuse(TokenFault.KEY, detail(token, TokenFault.KEY), nowNanos));
        }
        if (!check.get().verify(token.signed(), token.signature())) {
            return refuse(TokenFault.SIGNATURE, detail(token, TokenFault.SIGNATURE), nowNanos);
        }
        Caller caller = rules.caller(token);
        Proved now = new Proved(Judgement.of(caller), known, rules.endsAt(token));
        makeRoom();
        proved.put(digest, now);
        accepted.increment();
        return now.judgement();
    }

    /** Those that have ended go first; if that is not enough, all are proved once more. */
    private void makeRoom() {
        if (proved.size() >= PROVED_MAX) {
            long now = clock.millis();
            proved.values().removeIf(one -> now >= one.endsAt() || one.by() != keys.keys());
            if (proved.size() >= PROVED_MAX) {
                proved.clear();
            }
        }
    }

    public JwtState state() {
        SortedMap<String, Long> results = new TreeMap<>();
        results.put("accepted", accepted.sum());
        refused.forEach((fault, count) -> results.put(fault.word(), count.sum()));
        return new JwtState(
                config.issuer(),
                keys.keys().size(),
                keys.readAt(),
                keys.error(),
                keys.refreshes(),
                keys.failures(),
                results);
    }

    private Judgement refuse(TokenFault fault, String detail, long nowNanos) {
        refused.get(fault).increment();
        log.tell(fault.word() + detail, nowNanos);
        return Judgement.WRONG;
    }

    /** What whoever configured the issuer must see to tell what is wrong; never a part of the token as it was sent. */
    private static String detail(Jwt token, TokenFault fault) {
        Object shown = switch (fault) {
            case ALGORITHM -> token.header().get("alg");
            case TYPE -> token.header().get("typ");
            case KEY, SIGNATURE -> token.header().get("kid");
            case ISSUER -> token.claims().get("iss");
            case AUDIENCE -> token.claims().get("aud");
            case EXPIRED -> token.claims().get("exp");
            case EARLY -> token.claims().get("nbf");
            case MALFORMED, NAME, ROLES -> "";
        };
        String text = shown == null ? "none" : shown.toString();
        if (text.isEmpty()) {
            return "";
        }
        return " (" + (text.length() > SHOWN_CHARS_MAX ? text.substring(0, SHOWN_CHARS_MAX) + "..." : text) + ")";
    }
}
