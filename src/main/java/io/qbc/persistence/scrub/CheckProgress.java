package io.qbc.persistence.scrub;

/**
 * The progress of a check: which chain, and how many of its transactions and quants are done.
 *
 * @param chain empty while the store's files are read
 */
public record CheckProgress(String chain, long transactions, long quants) {}
