package io.qbc.talk;

/** The value of what gives none. */
public enum Done {
    DONE
}
