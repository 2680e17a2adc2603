/** What the ways to nodes have in common: requests, tries, pauses, and the delivery of events. For the client alone. */
package io.qbc.client.transport;
