/**
 * Durable followers of chains: each has an offset that moves on acknowledgements alone. {@link
 * io.qbc.subscription.SubscriptionMachine} decides, {@link io.qbc.subscription.SubscriptionVerticle} carries out, and a
 * {@link io.qbc.subscription.Delivery} brings events to whom they are for.
 */
package io.qbc.subscription;
