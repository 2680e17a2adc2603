/**
 * Requests to a ledger that are stored with the caller's own rows, in one transaction of its database:
 * {@link io.qbc.outbox.Outbox} stores them, {@link io.qbc.outbox.OutboxDelivery} brings them to a chain.
 */
package io.qbc.outbox;
