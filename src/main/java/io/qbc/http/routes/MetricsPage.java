package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.Meters;
import io.qbc.api.SharedLimits;
import io.qbc.api.Verbs;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.http.server.MediaTypes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;

/** The page that Prometheus reads (text exposition format 0.0.4). */
public final class MetricsPage {
    private static final String STATM = "/proc/self/statm";
    private static final int MEMORY_PAGE_BYTES = 4096;

    private final Vertx vertx;
    private final Verbs verbs;
    private final Meters meters;
    private final SharedLimits sharedLimits;

    public MetricsPage(Vertx vertx, Verbs verbs, Meters meters, SharedLimits sharedLimits) {
        this.vertx = vertx;
        this.verbs = verbs;
        this.meters = meters;
        this.sharedLimits = sharedLimits;
    }

    public Vertx vertx() {
        return vertx;
    }

    Future<Answer> page() {
        JsonBuffer out = new JsonBuffer(8192);
        counts(out);
        latencies(out);
        memory(out);
        return chains(out)
                .compose(done -> peers(out))
                .compose(done -> resident(out))
                .map(done -> Answer.of(200, MediaTypes.METRICS, out.toBytes()));
    }

    private void counts(JsonBuffer out) {
        head(out, "qbc_injects_total", "counter", "Transactions that were submitted, by what became of them.");
        line(out, "qbc_injects_total{result=\"accepted\"}", meters.accepted().sum());
        line(out, "qbc_injects_total{result=\"repeated\"}", meters.repeated().sum());
        meters.declined()
                .forEach((reason, count) ->
                        line(out, "qbc_injects_total{result=\"" + reason.code() + "\"}", count.sum()));
        head(out, "qbc_leaps_total", "counter", "Leaps on request.");
        line(out, "qbc_leaps_total", meters.leaps().sum());
        head(out, "qbc_http_in_use", "gauge", "What is in use of the door's limits.");
        line(out, "qbc_http_in_use{of=\"requests\"}", sharedLimits.requests().inUse());
        line(out, "qbc_http_in_use{of=\"waiters\"}", sharedLimits.waiters().inUse());
        line(out, "qbc_http_in_use{of=\"streams\"}", sharedLimits.streams().inUse());
        line(
                out,
                "qbc_http_in_use{of=\"connections\"}",
                sharedLimits.connections().inUse());
    }

    private void latencies(JsonBuffer out) {
        head(out, "qbc_http_request_seconds", "histogram", "From a request's header to the end of its answer.");
        meters.eachTiming((route, timing) -> {
            String label = "route=\"" + route + "\"";
            long sum = 0;
            for (int i = 0; i <= Meters.Timing.bounds(); i++) {
                sum += timing.bucket(i);
                String bound = i == Meters.Timing.bounds() ? "+Inf" : seconds(Meters.Timing.bound(i));
                line(out, "qbc_http_request_seconds_bucket{" + label + ",le=\"" + bound + "\"}", sum);
            }
            out.raw("qbc_http_request_seconds_sum{" + label + "} " + seconds(timing.micros()) + "\n");
            line(out, "qbc_http_request_seconds_count{" + label + "}", sum);
        });
        head(out, "qbc_http_problems_total", "counter", "Requests that were answered with a problem.");
        meters.eachTiming(
                (route, timing) -> line(out, "qbc_http_problems_total{route=\"" + route + "\"}", timing.failures()));
    }

    private static void memory(JsonBuffer out) {
        Runtime runtime = Runtime.getRuntime();
        head(out, "qbc_heap_bytes", "gauge", "Heap in use, and the most that it may grow to.");
        line(out, "qbc_heap_bytes{of=\"used\"}", runtime.totalMemory() - runtime.freeMemory());
        line(out, "qbc_heap_bytes{of=\"max\"}", runtime.maxMemory());
    }

    private Future<Void> chains(JsonBuffer out) {
        return verbs.directory()
                .all()
                .compose(all -> verbs.chains().pools(all.chains()).map(pools -> {
                    gauges(out, all.chains(), pools);
                    return null;
                }));
    }

    private static void gauges(JsonBuffer out, List<Chain> chains, List<PoolState> pools) {
        head(out, "qbc_chain_height", "gauge", "The height of a chain's head.");
        chains.forEach(chain ->
                line(out, "qbc_chain_height" + label(chain), chain.head().height()));
        head(out, "qbc_chain_transactions", "gauge", "Transactions in a chain.");
        chains.forEach(chain -> line(
                out,
                "qbc_chain_transactions" + label(chain),
                chain.head().header().treeSize()));
        head(out, "qbc_chain_writable", "gauge", "1 while a chain takes writes.");
        chains.forEach(chain -> line(out, "qbc_chain_writable" + label(chain), chain.writable() ? 1 : 0));
        head(out, "qbc_pool_transactions", "gauge", "Transactions that wait for a leap.");
        for (int i = 0; i < pools.size(); i++) {
            line(
                    out,
                    "qbc_pool_transactions" + label(chains.get(i)),
                    pools.get(i).transactions());
        }
        head(out, "qbc_pool_bytes", "gauge", "Their bytes.");
        for (int i = 0; i < pools.size(); i++) {
            line(out, "qbc_pool_bytes" + label(chains.get(i)), pools.get(i).bytes());
        }
    }

    private Future<Void> peers(JsonBuffer out) {
        return verbs.node().known().map(peers -> {
            long live = peers.peers().stream().filter(Peer::live).count();
            head(out, "qbc_peers", "gauge", "Peers that are known, by whether they answer.");
            line(out, "qbc_peers{state=\"live\"}", live);
            line(out, "qbc_peers{state=\"away\"}", peers.peers().size() - live);
            return null;
        });
    }

    /** What the system gives the process; only Linux tells it here. */
    private Future<Void> resident(JsonBuffer out) {
        return vertx.fileSystem()
                .readFile(STATM)
                .map(text -> {
                    String[] fields = text.toString().split(" ", -1);
                    head(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
                    line(out, "process_resident_memory_bytes", Long.parseLong(fields[1]) * MEMORY_PAGE_BYTES);
                    return (Void) null;
                })
                .otherwiseEmpty();
    }

    private static String label(Chain chain) {
        return "{chain=\"" + chain.spec().name() + "\"}";
    }

    private static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.6f", micros / 1_000_000.0);
    }

    private static void head(JsonBuffer out, String name, String type, String help) {
        out.raw("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    private static void line(JsonBuffer out, String name, long value) {
        out.raw(name).raw(" ").number(value).raw("\n");
    }
}
