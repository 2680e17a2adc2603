package io.qbc.protocol.peer;

/**
 * A ban of an identity key or an IP address.
 *
 * @param subject the key in hex, or the address, of IPv6 the network of 64 bits
 * @param since milliseconds since 1970
 * @param until when it ends by itself
 * @param reason the code of the misbehaviour that came last, or what the operator wrote
 * @param byOperator whether somebody banned it, and not this node by itself
 */
public record Ban(String subject, long since, long until, String reason, boolean byOperator) {}
