package io.qbc.bus;

/** An address with exactly one answerer, and the records that go there and come back. */
public record Ask<Q extends Record, R>(String address, Class<Q> question, Class<R> answer) {}
