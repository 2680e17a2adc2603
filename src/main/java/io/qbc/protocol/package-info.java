/**
 * What nodes say to each other, decided in plain Java: machines that are told what came, and answer with what is to be
 * done. Whoever carries that out, gossip over HTTP or the simulator over its wires, tells them what came of it.
 */
package io.qbc.protocol;
