package io.qbc.follow;

import java.util.OptionalInt;

/**
 * Up to where a chain is followed.
 *
 * @param head whether up to the head, which may revert; otherwise up to what is final
 * @param depth how far below the head quants count as final where the chain's engine has no finality; nothing for what
 *     is usual: 6 on {@code pow} and {@code classic}, 0 on {@code dbc}
 */
public record Extent(boolean head, OptionalInt depth) {
    public static final Extent HEAD = new Extent(true, OptionalInt.empty());
    public static final Extent FINAL = new Extent(false, OptionalInt.empty());
    private static final int DEPTH_USUAL = 6;

    /** Up to what is final, or so many quants below the head. */
    public static Extent depth(int quants) {
        return new Extent(false, OptionalInt.of(quants));
    }

    /** The greatest height that may be read. */
    long height(String engine, long finality, long headHeight) {
        if (head) {
            return headHeight;
        }
        return switch (engine) {
            case "pow", "classic" -> Math.max(finality, headHeight - depth.orElse(DEPTH_USUAL));
            case "dbc" -> Math.max(finality, headHeight - depth.orElse(0));
            default -> finality;
        };
    }
}
