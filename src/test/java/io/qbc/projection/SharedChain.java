package io.qbc.projection;

import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.projection.ScriptedChain.Entry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A scripted chain that several threads read while it grows. */
final class SharedChain implements ChainSource {
    private final ScriptedChain chain = new ScriptedChain();
    private final AtomicReference<Runnable> beforeNext = new AtomicReference<>(() -> {});

    synchronized void quant(List<Entry> entries) {
        chain.quant(entries);
    }

    synchronized long size() {
        return chain.size();
    }

    /** Has something done once, on the thread that verifies, before it reads the next part of the chain. */
    void onVerify(Runnable deed) {
        beforeNext.set(deed);
    }

    @Override
    public Optional<Hash> chain(String name) {
        return chain.chain(name);
    }

    @Override
    public synchronized Horizon horizon(Hash id, Extent extent) {
        return chain.horizon(id, extent);
    }

    @Override
    public Next next(Hash id, Position from, Horizon limit, Bounds bounds) {
        if (Thread.currentThread().getName().startsWith("qbc-verify-")) {
            beforeNext.getAndSet(() -> {}).run();
        }
        synchronized (this) {
            return chain.next(id, from, limit, bounds);
        }
    }
}
