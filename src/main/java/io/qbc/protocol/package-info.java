/**
 * The peer protocol in plain Java: its messages and their bytes, and the state machines that decide. A machine is given
 * an event or the outcome of an effect, and answers with the next effects. Who performs them, gossip over HTTP or the
 * simulator over its network, resumes it with their outcomes.
 */
package io.qbc.protocol;
