package io.qbc.node;

import io.qbc.api.Desk;
import io.qbc.api.Meters;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.DoorVerticle;
import io.qbc.gossip.GossipVerticle;
import io.qbc.http.HttpVerticle;
import io.qbc.mining.MiningVerticle;
import io.qbc.model.Ed25519;
import io.qbc.model.Signer;
import io.qbc.persistence.PersistenceVerticle;
import io.qbc.schema.SchemaRules;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The only wiring: the stages of a node, in the order in which they start; they stop in the reverse order. */
final class Stages {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);

    private Stages() {}

    /** Persistence, mining, gossip, http. */
    static List<Stage> of(Parts parts) {
        NodeConfig config = parts.config();
        Signer signer = parts.signer();
        InstantSource clock = InstantSource.system();
        SchemaRules rules = new SchemaRules();
        Meters meters = new Meters(clock);
        Desk desk = new Desk(config.http());
        return List.of(
                one(
                        "persistence",
                        new PersistenceVerticle(config, parts.chains(), Ed25519.VERIFIER, rules, clock, ASK_TIMEOUT)),
                one("mining", new MiningVerticle(config, signer, config.consensus()::signs, clock, ASK_TIMEOUT)),
                one(
                        "gossip",
                        new GossipVerticle(
                                config,
                                parts.advertised(),
                                signer,
                                clock,
                                new Random(new SecureRandom().nextLong()),
                                ASK_TIMEOUT,
                                rules)),
                one("event bus door", new DoorVerticle(config, signer, clock, rules, meters, desk)),
                new Stage(
                        "http",
                        () -> new HttpVerticle(config, signer, clock, rules, meters, desk),
                        new DeploymentOptions().setInstances(instances(config.http()))));
    }

    /** As {@link #of}, for a node that somebody started at a terminal. */
    static List<Stage> shown(Parts parts, PrintWriter terminal) {
        List<Stage> stages = new ArrayList<>(of(parts));
        stages.add(one("terminal", new TerminalVerticle(terminal, InstantSource.system(), ASK_TIMEOUT)));
        return stages;
    }

    private static Stage one(String name, Deployable verticle) {
        return new Stage(name, () -> verticle, new DeploymentOptions());
    }

    private static int instances(NodeConfig.Http http) {
        return http.instances() > 0 ? http.instances() : Runtime.getRuntime().availableProcessors();
    }
}
