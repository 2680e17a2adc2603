package io.qbc.sim;

/** Something that must happen now and then in many runs, or they try less than they seem to. */
public enum Mark {
    CRASHED,
    DISK_FAILED,
    REORGANISED,
    ASIDE,
    ORPHANED,
    INCOMPLETE,
    CAUGHT_UP,
    REFUSED,
    FINAL,
    EVIDENCE,
    SUPERSEDED
}
