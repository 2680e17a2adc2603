/** Delivery by webhook: targets, secrets, signatures, CloudEvents, the sender and its schedule. */
package io.qbc.subscription.webhook;
