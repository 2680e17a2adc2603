package io.qbc.api;

/** The style of an inject: by which route it came, and with that how its body is read. */
public enum InjectStyle {
    /** Members that nobody knows are refused. */
    STRICT,
    /** The original's route: members that nobody knows are passed over. */
    LEGACY,
    /** The original's route between peers: as LEGACY, and the key follows from the payload: an echo counts once. */
    ECHO
}
