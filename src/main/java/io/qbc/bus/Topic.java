package io.qbc.bus;

/** An address with any number of followers, and the record that they are told. */
public record Topic<E extends Record>(String address, Class<E> event) {}
