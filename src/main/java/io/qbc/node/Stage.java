package io.qbc.node;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import java.util.function.Supplier;

/** One stage of a node: what the log calls it, how its verticle is made, and how it is deployed. */
record Stage(String name, Supplier<? extends Deployable> verticle, DeploymentOptions options) {}
