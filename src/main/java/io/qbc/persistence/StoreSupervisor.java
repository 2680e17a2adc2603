package io.qbc.persistence;

import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.FreeSpace;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A supervisor of the store through a full disk and back. Where there is no room to open it for writing it is opened
 * for reading only. After a write that met the end of the disk nothing in memory is trusted any more: as soon as there
 * is room again the store is closed, and all that is served is made anew from what it reads back.
 */
final class StoreSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSupervisor.class);
    /** A store that runs full again at once, or cannot be opened, is not opened in a circle. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Refusal REOPENING = Reason.BUSY.refusal("the store is being opened again, as there is room");

    private final StoreOpener opener;
    private final InstantSource clock;
    private final CommitEvents events;
    private final FreeSpace freeSpace;
    /** What is asked; none while the store is closed. */
    private volatile Optional<StoreService> service = Optional.empty();

    private volatile Refusal away = Reason.BUSY.refusal("the store is being opened");
    private final AtomicLong reopened = new AtomicLong();
    private Optional<StoreService> latest = Optional.empty();
    private Optional<StoreService> leaving = Optional.empty();
    private long restedAt = System.nanoTime();

    StoreSupervisor(StoreOpener opener, InstantSource clock, CommitEvents events) {
        this.opener = opener;
        this.clock = clock;
        this.events = events;
        this.freeSpace = new FreeSpace(
                opener.access().usableBytes(), opener.config().store().reserveBytes());
    }

    /** Opens the store at the start of the node. Blocks, as what follows. */
    synchronized void open() {
        freeSpace.look();
        StoreService opened = opened();
        opened.start();
        latest = Optional.of(opened);
        service = latest;
    }

    private StoreService opened() {
        if (!freeSpace.opens() && opener.hasStore()) {
            return toRead();
        }
        try {
            return service(opener.open());
        } catch (StoreException e) {
            if (e.refusal().reason() != Reason.STORE_FULL || !opener.hasStore()) {
                throw e;
            }
            LOG.warn("the store cannot be opened for writing: {}", e.getMessage());
            return toRead();
        }
    }

    private StoreService toRead() {
        StoreService opened = service(opener.openToRead());
        opened.shut(Reason.STORE_FULL.refusal(
                "the disk is full, and the store open for reading only; make room, a restart is not needed"));
        LOG.warn("the disk is full: the store is open for reading only, until there is room");
        return opened;
    }

    private StoreService service(DataDirectory dataDirectory) {
        return new StoreService(dataDirectory, opener, clock, freeSpace, events);
    }

    /** Looks how much room there is, and opens the store again if it was full and need not be any more. */
    synchronized void look() {
        freeSpace.look();
        boolean full = leaving.isPresent() || service.filter(StoreService::full).isPresent();
        if (full && freeSpace.roomy() && System.nanoTime() - restedAt >= 0) {
            reopen();
        }
    }

    private void reopen() {
        if (leaving.isEmpty()) {
            LOG.info("there is room on the disk again: the store is closed, and opened for writing");
            away = REOPENING;
            leaving = service;
            service = Optional.empty();
        }
        StoreService before = leaving.orElseThrow();
        if (!before.close()) {
            LOG.warn("the store is not closed yet, since a thread still works in it");
            return;
        }
        restedAt = System.nanoTime() + REST_NANOS;
        try {
            StoreService opened = opened();
            opened.follow(before);
            opened.start();
            latest = Optional.of(opened);
            leaving = Optional.empty();
            List<Runnable> changes = StoreChanges.between(before, opened, events);
            // Behind all answers of the store before, and before all of this one.
            events.execute(() -> {
                service = Optional.of(opened);
                changes.forEach(Runnable::run);
            });
            reopened.incrementAndGet();
            LOG.info("the store was opened again{}", opened.full() ? ", for reading only" : "");
        } catch (RuntimeException e) {
            away = e instanceof StoreException fault ? fault.refusal() : Reason.INTERNAL.refusal(e.toString());
            LOG.error("the store could not be opened again; it is tried again later", e);
        }
    }

    /** The store's service; a failure while the store is closed. */
    StoreService now() {
        return service.orElseThrow(() -> new Failure(away));
    }

    StoreState state() {
        Optional<StoreService> here = service;
        return new StoreState(
                freeSpace.freeBytes(),
                freeSpace.reserveBytes(),
                here.map(open -> open.writer().refusal()).orElse(Optional.of(away)),
                here.map(StoreService::damageMet).orElse(0L),
                reopened.get(),
                here.map(StoreService::indexed).orElse(Map.of()));
    }

    /** Closes the store at the end of the node. */
    synchronized void close() {
        service = Optional.empty();
        away = Reason.STOPPING.refusal("the store is closed");
        if (!latest.map(StoreService::close).orElse(true)) {
            // Closing under a thread that still reads would crash the process; all that was acknowledged is synced.
            LOG.warn("the store is left as it is, since a thread still works in it");
        }
    }
}
