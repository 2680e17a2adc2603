package io.qbc.cli.bench;

/**
 * What a process used.
 *
 * @param cpu percent of one core, on average
 * @param rss the most resident memory seen, in MiB
 */
record Usage(double cpu, double rss) {}
