/**
 * Sessions of two nodes as plain machines: the handshake in which both prove their keys, the keys of messages that
 * follow from it, and what each message must prove before anybody reads it.
 */
package io.qbc.protocol.session;
