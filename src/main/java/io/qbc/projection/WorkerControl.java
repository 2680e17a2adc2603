package io.qbc.projection;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** What others want of a worker, and where its thread waits for that. */
final class WorkerControl {
    private final DefinitionFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    private Definition definition;
    private boolean awake;
    private boolean ending;
    private long retries;

    WorkerControl(Definition definition, DefinitionFile file) {
        this.definition = definition;
        this.file = file;
    }

    Definition definition() {
        lock.lock();
        try {
            return definition;
        } finally {
            lock.unlock();
        }
    }

    /** Changes the definition, and has it stored before it holds; blocks. */
    Definition change(UnaryOperator<Definition> change) throws IOException {
        lock.lock();
        try {
            Definition next = change.apply(definition);
            file.write(next);
            definition = next;
            signal();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Something changed that may let the thread go on. */
    void wake() {
        lock.lock();
        try {
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** Has the thread end. */
    void end() {
        lock.lock();
        try {
            ending = true;
            signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isEnding() {
        lock.lock();
        try {
            return ending;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for another try of the transactions that were kept aside. */
    void retry() {
        lock.lock();
        try {
            retries++;
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** How often that was asked. */
    long retries() {
        lock.lock();
        try {
            return retries;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        awake = true;
        woken.signalAll();
    }

    /** Waits until something changed, or a time is over. */
    void rest(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (!awake && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
            awake = false;
        } finally {
            lock.unlock();
        }
    }
}
