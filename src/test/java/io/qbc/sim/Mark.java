package io.qbc.sim;

/** Something that must happen now and then in many runs, or they try less than they seem to. */
public enum Mark {
    CRASHED,
    DISK_FAILED,
    REORGANISED,
    ASIDE,
    ORPHANED,
    INCOMPLETE,
    CUT,
    CAUGHT_UP,
    BROKE_OFF,
    REFUSED,
    FINAL,
    EVIDENCE,
    SUPERSEDED,
    FORKED,
    FORK_GREW,
    ROTTED,
    ROT_FOUND,
    VOTED,
    CANCELLED
}
