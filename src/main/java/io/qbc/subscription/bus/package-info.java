/** Delivery over the event bus, where the reply of a consumer is its acknowledgement. */
package io.qbc.subscription.bus;
