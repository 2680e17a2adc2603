package io.qbc.node;

import io.qbc.api.ApiContext;
import io.qbc.api.Meters;
import io.qbc.api.access.Access;
import io.qbc.api.access.AccessVerticle;
import io.qbc.api.audit.AuditVerticle;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.tls.ServerTls;
import io.qbc.api.tls.TlsVerticle;
import io.qbc.config.ConfigException;
import io.qbc.config.NodeConfig;
import io.qbc.config.TracingConfig;
import io.qbc.eventbus.EventBusVerticle;
import io.qbc.eventbus.bridge.TcpBridgeVerticle;
import io.qbc.gossip.GossipVerticle;
import io.qbc.http.HttpVerticle;
import io.qbc.mining.MiningVerticle;
import io.qbc.model.Ed25519;
import io.qbc.model.Signer;
import io.qbc.persistence.PersistenceVerticle;
import io.qbc.projection.ProjectionVerticle;
import io.qbc.schema.SchemaRules;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription.DeliverKind;
import io.qbc.subscription.SubscriptionVerticle;
import io.qbc.subscription.bus.BusMaker;
import io.qbc.subscription.webhook.WebhookMaker;
import io.qbc.tracing.Tracing;
import io.qbc.tracing.otel.OtelTracing;
import io.qbc.tracing.otel.OtelTracing.Origin;
import io.qbc.tracing.otel.TracingVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The only wiring: the stages of a node, in the order in which they start; they stop in the reverse order. */
final class Wiring {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);

    /** The name of the stage that listens beside the HTTP server. */
    static final String TCP_BRIDGE = "tcp bridge";

    private Wiring() {}

    /** Persistence, mining, gossip, subscription, projection, audit, access, event bus, http. */
    static List<Stage> of(NodeParts nodeParts) {
        NodeConfig config = nodeParts.config();
        Signer signer = nodeParts.signer();
        InstantSource clock = nodeParts.machine().clock();
        SchemaRules rules = new SchemaRules();
        Access access = new Access(config, clock);
        ServerTls tls = new ServerTls(config, clock);
        Tracing tracing = tracing(nodeParts);
        ApiContext api = new ApiContext(
                config,
                signer.key(),
                clock,
                rules,
                new Meters(clock),
                new SharedLimits(config),
                access,
                tls,
                nodeParts.cluster(),
                tracing);
        List<Stage> stages = new ArrayList<>(List.of(
                one(
                        "persistence",
                        new PersistenceVerticle(
                                config,
                                nodeParts.chains(),
                                Ed25519.VERIFIER,
                                rules,
                                clock,
                                ASK_TIMEOUT,
                                nodeParts.machine().freeBytes())),
                one(
                        "mining",
                        new MiningVerticle(config, signer, config.consensus()::signs, clock, ASK_TIMEOUT, tracing)),
                one(
                        "gossip",
                        new GossipVerticle(
                                config,
                                nodeParts.advertised(),
                                signer,
                                clock,
                                new Random(new SecureRandom().nextLong()),
                                ASK_TIMEOUT,
                                rules,
                                tracing)),
                one(
                        "subscription",
                        new SubscriptionVerticle(config, clock, ASK_TIMEOUT, vertx -> deliveries(vertx, api, clock))),
                one("projection", new ProjectionVerticle(config, clock, ASK_TIMEOUT)),
                one("audit", new AuditVerticle(config.access(), access.audit())),
                one("access", new AccessVerticle(config, access)),
                one("tls", new TlsVerticle(tls, clock)),
                one("event bus", new EventBusVerticle(api)),
                new Stage(
                        "http",
                        () -> new HttpVerticle(api),
                        new DeploymentOptions().setInstances(instances(config.http())))));
        if (tracing.isOn()) {
            stages.add(0, one("tracing", new TracingVerticle(tracing)));
        }
        if (config.bridges().tcp().enabled()) {
            stages.add(one(TCP_BRIDGE, new TcpBridgeVerticle(api)));
        }
        return stages;
    }

    /** What is needed for it is loaded when it is on, and need not be there otherwise. */
    private static Tracing tracing(NodeParts nodeParts) {
        TracingConfig config = nodeParts.config().tracing();
        if (!config.enabled()) {
            return Tracing.off();
        }
        try {
            return OtelTracing.of(
                    config,
                    new Origin(nodeParts.signer().key().hex(), Version.text()),
                    nodeParts.machine().clock());
        } catch (NoClassDefFoundError e) {
            throw new ConfigException("tracing.enabled is true, and the OpenTelemetry SDK is not here: "
                    + "io.opentelemetry:opentelemetry-sdk-trace, opentelemetry-exporter-otlp and"
                    + " opentelemetry-exporter-sender-jdk (" + e.getMessage() + ")");
        }
    }

    private static Map<DeliverKind, Delivery.Maker> deliveries(Vertx vertx, ApiContext api, InstantSource clock) {
        NodeConfig config = api.config();
        return Map.of(
                DeliverKind.WEBHOOK,
                new WebhookMaker(
                        vertx,
                        config.subscriptions().webhook(),
                        config.host(),
                        api.limits()::port,
                        clock,
                        api.meters()::webhookAttempt),
                DeliverKind.BUS,
                new BusMaker(vertx));
    }

    /** As {@link #of}, for a node that somebody started at a terminal. */
    static List<Stage> shown(NodeParts nodeParts, PrintWriter terminal) {
        List<Stage> stages = new ArrayList<>(of(nodeParts));
        stages.add(one("terminal", new TerminalVerticle(terminal, InstantSource.system(), ASK_TIMEOUT)));
        return stages;
    }

    private static Stage one(String name, Deployable verticle) {
        return new Stage(name, () -> verticle, new DeploymentOptions());
    }

    /** How many instances of the API there are. */
    static int instances(NodeConfig.Http http) {
        return http.instances() > 0 ? http.instances() : Runtime.getRuntime().availableProcessors();
    }
}
