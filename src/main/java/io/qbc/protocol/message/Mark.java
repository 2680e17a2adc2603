package io.qbc.protocol.message;

/**
 * Up to where a node knows another one's list of heads.
 *
 * @param session drawn anew whenever that node starts
 * @param revision grows with every change of the list
 */
public record Mark(long session, long revision) {
    /** Nothing is known. */
    public static final Mark NONE = new Mark(0, 0);
}
