package io.qbc.protocol.message;

/**
 * A position in another node's list of heads, up to which the list is known.
 *
 * @param session drawn anew whenever that node starts
 * @param revision grows with every change of the list
 */
public record Mark(long session, long revision) {
    /** Nothing is known. */
    public static final Mark NONE = new Mark(0, 0);
}
