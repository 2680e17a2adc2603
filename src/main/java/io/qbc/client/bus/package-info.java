/** The way to nodes over the event bus. For the client itself. */
package io.qbc.client.bus;
