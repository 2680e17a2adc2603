package io.qbc.persistence.store;

/** A thread that works at the store beside its writer, and keeps no process from ending. */
public final class StoreThread {
    private StoreThread() {}

    /** A thread of this name for this work, which has not begun. */
    public static Thread of(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
