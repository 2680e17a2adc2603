package io.qbc.json;

/**
 * Limits of the strict JSON reader.
 *
 * @param bytesMax the whole text
 * @param depthMax arrays and objects inside each other
 */
public record JsonLimits(int bytesMax, int depthMax) {}
