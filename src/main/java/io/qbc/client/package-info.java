/**
 * The client of nodes, over REST or over the event bus: {@link io.qbc.client.QbcClient} for users of Vert.x,
 * {@link io.qbc.client.BlockingQbcClient} for everybody else.
 */
package io.qbc.client;
