package io.qbc.persistence.write;

import io.qbc.model.Refusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A change without an answer of its own, whose maker waits for it on another thread. */
public final class PlainWrite implements Write {
    private static final int BYTES = 1024;

    private final Consumer<Group> change;
    private final CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();

    private PlainWrite(Consumer<Group> change) {
        this.change = change;
    }

    /** Makes a change and waits until it is synced; says why not if it was not made. */
    public static Optional<Refusal> through(WritePort writePort, Consumer<Group> change) {
        PlainWrite write = new PlainWrite(change);
        Optional<Refusal> refused = writePort.push(write);
        return refused.isPresent() ? refused : write.done.join();
    }

    @Override
    public long bytes() {
        return BYTES;
    }

    @Override
    public void put(Group group) {
        change.accept(group);
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        done.complete(refusal);
    }

    @Override
    public void answer(Optional<Refusal> refusal) {
        // Who waits has got it already.
    }
}
