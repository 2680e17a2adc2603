package io.qbc.persistence;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What waits for a thread of its own, first come first served, within a size. */
final class Inbox<T> {
    private final long sizeMax;
    private final ArrayDeque<Item<T>> items = new ArrayDeque<>();
    private long size;
    private boolean closed;

    Inbox(long sizeMax) {
        this.sizeMax = sizeMax;
    }

    private record Item<T>(T content, long size) {}

    /** Adds an item, or says why not. An item larger than the whole inbox is taken when nothing else waits. */
    synchronized Optional<Refusal> offer(T content, long itemSize) {
        if (closed) {
            return Optional.of(Reason.STOPPING.refusal("the store is closing"));
        }
        if (!items.isEmpty() && size + itemSize > sizeMax) {
            return Optional.of(Reason.BUSY.refusal(size + " bytes wait for the store"));
        }
        items.add(new Item<>(content, itemSize));
        size += itemSize;
        notifyAll();
        return Optional.empty();
    }

    /** Adds an item, waiting for room first; for one caller that may wait. */
    synchronized void put(T content, long itemSize) throws InterruptedException {
        while (!items.isEmpty() && size + itemSize > sizeMax) {
            wait();
        }
        items.add(new Item<>(content, itemSize));
        size += itemSize;
        notifyAll();
    }

    /** Waits for items and takes at least one, up to about {@code groupMax}; none when closed and empty. */
    synchronized List<T> take(long groupMax) throws InterruptedException {
        while (items.isEmpty() && !closed) {
            wait();
        }
        List<T> group = new ArrayList<>();
        for (long taken = 0; !items.isEmpty() && taken < groupMax; ) {
            Item<T> item = items.remove();
            taken += item.size();
            size -= item.size();
            group.add(item.content());
        }
        notifyAll();
        return group;
    }

    /** Takes nothing more in; what is in is still given out. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
