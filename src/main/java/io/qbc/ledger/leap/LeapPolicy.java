package io.qbc.ledger.leap;

/**
 * When a chain leaps by itself; a threshold of 0 is none.
 *
 * @param transactions how many wait at least
 * @param bytes how many bytes of them wait at least
 * @param ageMillis how long the oldest has waited at least
 * @param requestsMax how many leaps may wait for each other, whoever asked for them
 */
public record LeapPolicy(int transactions, long bytes, long ageMillis, int requestsMax) {}
