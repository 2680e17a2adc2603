package io.qbc.persistence.write;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of writing, whatever threads take them: writes are appended as one group, the group is synced, and then
 * those who wait for it are told, in the order of the writes. After a failed write or sync the disk's state is unknown,
 * so nothing is written any more until the store has been opened again. As a port it takes all steps of a write at
 * once.
 */
public final class GroupWriter implements WritePort {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

    private final Store store;
    private final Executor context;
    private volatile Optional<Refusal> broken = Optional.empty();

    /** @param context runs the answers, in order */
    public GroupWriter(Store store, Executor context) {
        this.store = store;
        this.context = context;
    }

    /**
     * Writes that were appended together.
     *
     * @param dropped why they were not, if so
     */
    record Appended(List<Write> writes, Optional<Refusal> dropped) {
        long bytes() {
            return writes.stream().mapToLong(Write::bytes).sum();
        }
    }

    /** Takes over what was appended, to finish it before anything that is appended later. */
    @FunctionalInterface
    interface Next<E extends Exception> {
        void take(Appended group) throws E;
    }

    @Override
    public Optional<Refusal> push(Write write) {
        if (broken.isPresent()) {
            return broken;
        }
        append(List.of(write), this::finish);
        return Optional.empty();
    }

    /** Why nothing is written any more: a write or a sync has failed, or the store is open for reading only. */
    @Override
    public Optional<Refusal> refusal() {
        return broken;
    }

    /** Refuses all writes from the start. */
    void shut(Refusal refusal) {
        broken = Optional.of(refusal);
    }

    /** Appends the writes to the write-ahead log: as one group, or each alone if one of them is at fault. */
    <E extends Exception> void append(List<Write> writes, Next<E> next) throws E {
        Optional<Refusal> dropped = append(writes);
        if (dropped.isPresent() && writes.size() > 1 && broken.isEmpty()) {
            // One of them is at fault, and the others are not to suffer for it.
            for (Write write : writes) {
                next.take(new Appended(List.of(write), append(List.of(write))));
            }
        } else {
            next.take(new Appended(writes, dropped));
        }
    }

    private Optional<Refusal> append(List<Write> writes) {
        if (broken.isPresent()) {
            return broken;
        }
        try (Group group = new Group(store)) {
            writes.forEach(write -> write.put(group));
            return attempt(group::write);
        } catch (StoreException e) {
            if (e.refusal().reason() == Reason.CORRUPT) {
                // Where it was met it is noted, once for each place.
                LOG.debug("a group of {} writes was dropped", writes.size(), e);
            } else {
                LOG.error("a group of {} writes was dropped", writes.size(), e);
            }
            return Optional.of(e.refusal());
        } catch (RuntimeException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(Reason.INTERNAL.refusal(e.toString()));
        }
    }

    /**
     * Syncs what was appended, and tells those who wait. Once broken, there is no second attempt: a sync that works
     * after one that failed proves nothing.
     */
    void finish(Appended group) {
        Optional<Refusal> refusal = group.dropped().or(() -> broken).or(() -> attempt(store::sync));
        // What was synced stays so whatever fails here, but nothing more may build on what is in memory then.
        attempt(() -> group.writes().forEach(write -> write.settled(refusal)));
        context.execute(() -> group.writes().forEach(write -> write.answer(refusal)));
    }

    /** Does a step after whose failure nothing more may be written, and says so. */
    private Optional<Refusal> attempt(Runnable step) {
        try {
            step.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            boolean full = e instanceof StoreException fault && fault.refusal().reason() == Reason.STORE_FULL;
            Refusal refusal = full
                    ? Reason.STORE_FULL.refusal("the disk ran full under a write; make room, a restart is not needed")
                    : Reason.STORE_READ_ONLY.refusal(
                            "a write failed; the store takes no more until the node is started again");
            broken = Optional.of(refusal);
            LOG.error("the store is read-only: {}", refusal.detail(), e);
            return broken;
        }
    }
}
