package io.qbc.persistence.write;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits for a thread of its own, first come first served, within a size. No owner may have more waiting than there
 * is room left, so that one owner alone gets half of it, two a third each, and there is always room for another.
 */
public final class Inbox<T> {
    /** Whose items have no share. */
    public static final int NOBODY = 0;

    private final long sizeMax;
    private final ArrayDeque<Item<T>> items = new ArrayDeque<>();
    private final Map<Integer, Long> shares = new HashMap<>();
    private long size;
    private boolean closed;

    public Inbox(long sizeMax) {
        this.sizeMax = sizeMax;
    }

    private record Item<T>(T content, long size, int owner) {}

    /** Adds an item, or says why not. An item larger than the whole inbox is taken when nothing else waits. */
    public synchronized Optional<Refusal> offer(T content, long itemSize, int owner) {
        if (closed) {
            return Optional.of(Reason.STOPPING.refusal("the store is closing"));
        }
        if (!items.isEmpty() && size + itemSize > sizeMax) {
            return Optional.of(Reason.BUSY.refusal(size + " bytes wait for the store"));
        }
        long share = shares.getOrDefault(owner, 0L);
        if (share > 0 && share + itemSize > sizeMax - size) {
            return Optional.of(Reason.BUSY.refusal(share + " bytes of the chain wait for the store"));
        }
        add(content, itemSize, owner);
        return Optional.empty();
    }

    private void add(T content, long itemSize, int owner) {
        items.add(new Item<>(content, itemSize, owner));
        size += itemSize;
        if (owner != NOBODY) {
            shares.merge(owner, itemSize, Long::sum);
        }
        notifyAll();
    }

    /** Waits for items and takes at least one, up to about {@code groupMax}; none when closed and empty. */
    public synchronized List<T> take(long groupMax) throws InterruptedException {
        while (items.isEmpty() && !closed) {
            wait();
        }
        List<T> group = new ArrayList<>();
        for (long taken = 0; !items.isEmpty() && taken < groupMax; ) {
            Item<T> item = items.remove();
            taken += item.size();
            size -= item.size();
            shares.computeIfPresent(item.owner(), (owner, share) -> share > item.size() ? share - item.size() : null);
            group.add(item.content());
        }
        return group;
    }

    /** Takes nothing more in; what is in is still given out. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
