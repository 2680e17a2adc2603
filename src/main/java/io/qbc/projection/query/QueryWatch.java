package io.qbc.projection.query;

import com.sun.management.ThreadMXBean;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches queries under way, and cancels those that take too long or too much of the node's memory: while the old part
 * of the heap grows by a share of it, queries that made as much are taken to be the cause.
 */
final class QueryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryWatch.class);
    private static final long PERIOD_MILLIS = 20;
    private static final int HEAP_SHARE = 8;
    private static final long NOT_KNOWN = -1;
    static final String LEFT = "the caller has left";

    private final Set<Watched> running = ConcurrentHashMap.newKeySet();
    /** By ticket, of all queries that wait or are under way: whether the caller has left. */
    private final Map<String, Boolean> left = new ConcurrentHashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "qbc-query-watch");
        made.setDaemon(true);
        return made;
    });
    private final Optional<ThreadMXBean> threads =
            ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean ? Optional.of(bean) : Optional.empty();
    private final List<MemoryPoolMXBean> old = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().matches(".*(Old|Tenured|ZHeap|Shenandoah).*"))
            .toList();
    private final long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;

    private final ScheduledFuture<?> looking;

    QueryWatch() {
        looking = thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A query was asked, and may be abandoned until {@link #done}. */
    void asked(String ticket) {
        left.put(ticket, false);
    }

    /** A query is answered, in whatever way. */
    void done(String ticket) {
        left.remove(ticket);
    }

    /** Whether a query's caller has left meanwhile. */
    boolean isAbandoned(String ticket) {
        return left.getOrDefault(ticket, false);
    }

    /** A query's caller has left: it is not begun, or cancelled if it is under way. */
    void abandon(String ticket) {
        left.replace(ticket, true);
        running.stream()
                .filter(watched -> watched.ticket.equals(ticket))
                .forEach(watched -> thread.execute(() -> watched.cancel(Why.CALLER)));
    }

    /** Begins to watch a statement that the present thread is about to execute. */
    Watched begin(Statement statement, Duration limit, String ticket) {
        Watched watched = new Watched(statement, System.nanoTime() + limit.toNanos(), ticket);
        running.add(watched);
        if (isAbandoned(ticket)) {
            watched.close();
            throw new Failure(Reason.STOPPING, LEFT);
        }
        return watched;
    }

    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdownNow();
    }

    private void look() {
        long now = System.nanoTime();
        long held = running.isEmpty() ? 0 : held();
        for (Watched watched : running) {
            if (now - watched.deadlineNanos > 0) {
                watched.cancel(Why.TIME);
            } else if (watched.isTheCause(held)) {
                watched.cancel(Why.MEMORY);
            }
        }
    }

    private long held() {
        return old.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    private long allocated(long id) {
        return threads.map(bean -> bean.getThreadAllocatedBytes(id)).orElse(NOT_KNOWN);
    }

    /** Why a query was cancelled. */
    enum Why {
        TIME,
        MEMORY,
        CALLER
    }

    /** A query under way. */
    final class Watched implements AutoCloseable {
        private final Statement statement;
        private final long deadlineNanos;
        private final String ticket;
        private final long threadId = Thread.currentThread().getId();
        private final long heldBefore = held();
        private final long allocatedBefore = allocated(threadId);
        private volatile Optional<Why> why = Optional.empty();

        private Watched(Statement statement, long deadlineNanos, String ticket) {
            this.ticket = ticket;
            this.statement = statement;
            this.deadlineNanos = deadlineNanos;
        }

        /** Why it was cancelled, if it was. */
        Optional<Why> why() {
            return why;
        }

        private boolean isTheCause(long held) {
            long grown = held - heldBefore;
            return grown > share && (allocatedBefore < 0 || allocated(threadId) - allocatedBefore >= grown);
        }

        synchronized void cancel(Why cause) {
            if (!running.contains(this)) {
                return;
            }
            why = why.or(() -> Optional.of(cause));
            try {
                statement.cancel();
            } catch (SQLException e) {
                LOG.debug("a query was not cancelled", e);
            }
        }

        @Override
        public synchronized void close() {
            running.remove(this);
        }
    }
}
