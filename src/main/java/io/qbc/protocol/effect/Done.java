package io.qbc.protocol.effect;

/** The value of what gives none. */
public enum Done {
    DONE
}
