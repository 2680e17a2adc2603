package io.qbc.protocol.effect;

/** The unit value: the result of an effect that gives none. */
public enum Done {
    DONE
}
