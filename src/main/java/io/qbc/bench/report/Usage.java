package io.qbc.bench.report;

/**
 * What a process used.
 *
 * @param cpu percent of one core, on average
 * @param rss the most resident memory seen, in MiB
 */
public record Usage(double cpu, double rss) {}
