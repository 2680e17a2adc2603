/** A chain's committed transactions in the order of their leaves, for stages that follow it. */
package io.qbc.follow;
