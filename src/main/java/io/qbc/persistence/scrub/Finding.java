package io.qbc.persistence.scrub;

/**
 * A finding: something that is wrong.
 *
 * @param chain the chain's name, or empty for the store as a whole
 * @param height the quant's height, or -1 where there is none
 */
public record Finding(String chain, long height, String what) {
    /** A line for people. */
    public String line() {
        String where = chain.isEmpty() ? "the store" : "chain " + chain;
        return where + (height < 0 ? "" : " at height " + height) + ": " + what;
    }
}
