package io.qbc.http.metrics;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.Meters;
import io.qbc.api.RouteMeter;
import io.qbc.api.limits.ByteBudget;
import io.qbc.api.limits.Permits;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.verbs.NodeVerbs;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Conduct;
import io.qbc.bus.Catalogue.KeptOrphans;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.PeerView;
import io.qbc.bus.Catalogue.Peers;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Snapshots of the node's own metrics in the form of Prometheus's library, which knows how they are written. */
final class NodeSnapshots {
    private static final String SHARED = "identity_shared";

    private NodeSnapshots() {}

    /**
     * What is told of the network.
     *
     * @param orphans the quants from peers that wait for their parent
     * @param view what the peers show
     * @param exposed addresses from which credentials came over plain HTTP
     */
    record Network(Peers peers, KeptOrphans orphans, PeerView view, int exposed) {}

    /**
     * What the stages of a node told for one page.
     *
     * @param pools the pool of each chain, in the chains' order
     */
    record Told(List<Chain> chains, List<PoolState> pools, Network network, UpkeepSnapshots.Told upkeep) {
        Told {
            chains = List.copyOf(chains);
            pools = List.copyOf(pools);
        }
    }

    private record Sample(Labels labels, double value) {}

    static List<MetricSnapshot> of(Meters meters, SharedLimits sharedLimits, Told told) {
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(build());
        all.addAll(counters(meters));
        all.add(durations(meters));
        all.addAll(limits(sharedLimits));
        all.addAll(chains(told.chains(), told.upkeep().store()));
        all.addAll(pools(told));
        all.add(peers(told.network().peers().peers()));
        all.addAll(view(told));
        all.addAll(store(told.upkeep().store()));
        all.addAll(UpkeepSnapshots.of(told.upkeep()));
        all.addAll(traffic(told.network()));
        all.addAll(SessionSnapshots.of(told.network().peers().traffic().sessions()));
        return all;
    }

    private static MetricSnapshot build() {
        return new InfoSnapshot(
                new MetricMetadata("qbc_build", "The version of this program."),
                List.of(new InfoDataPointSnapshot(Labels.of("version", NodeVerbs.VERSION))));
    }

    private static List<MetricSnapshot> counters(Meters meters) {
        List<Sample> injects = new ArrayList<>();
        injects.add(result("accepted", meters.accepted().sum()));
        injects.add(result("repeated", meters.repeated().sum()));
        meters.declined().forEach((reason, count) -> injects.add(result(reason.code(), count.sum())));
        List<Sample> requests = new ArrayList<>();
        for (RouteMeter route : meters.routes()) {
            route.read().forEach(reading -> requests.add(new Sample(labels(route, reading), reading.requests())));
        }
        return List.of(
                counter("qbc_injects", "Transactions that were submitted, by what became of them.", injects),
                counter(
                        "qbc_superseded",
                        "Transactions in whose place another one of the same author and key came into the chain.",
                        List.of(one(meters.superseded().sum()))),
                counter(
                        "qbc_leaps",
                        "Leaps on request.",
                        List.of(one(meters.leaps().sum()))),
                counter("qbc_http_requests", "Requests that are over; 499 is a caller that left.", requests));
    }

    private static MetricSnapshot durations(Meters meters) {
        double[] bounds = RouteMeter.boundSeconds().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        for (RouteMeter route : meters.routes()) {
            for (RouteMeter.Reading reading : route.read()) {
                if (reading.timed() > 0) {
                    points.add(point(labels(route, reading), bounds, reading));
                }
            }
        }
        return new HistogramSnapshot(
                new MetricMetadata(
                        "qbc_http_request_duration_seconds",
                        "From a request's header to the end of its answer, without streams and waits."),
                points);
    }

    private static HistogramDataPointSnapshot point(Labels labels, double[] bounds, RouteMeter.Reading reading) {
        long[] buckets = reading.buckets().stream().mapToLong(Long::longValue).toArray();
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, buckets))
                .sum(reading.seconds())
                .labels(labels)
                .build();
    }

    private static List<MetricSnapshot> limits(SharedLimits limits) {
        return List.of(
                inUse("qbc_http_requests_in_progress", "Requests in work.", limits.requests()),
                inUse("qbc_http_waiting_requests", "Requests that wait for a leap.", limits.waiters()),
                inUse("qbc_http_open_streams", "Event streams and long reads.", limits.streams()),
                inUse("qbc_http_open_connections", "Connections that are open.", limits.connections()),
                inUse(
                        "qbc_http_spare_connections",
                        "Connections beyond the limit, for health and metrics.",
                        limits.spareConnections()),
                gauge(
                        "qbc_http_addresses",
                        "Addresses that have a connection.",
                        List.of(one(limits.addresses().count()))),
                bytes("qbc_http_body_bytes", "Bytes of bodies under way.", limits.bodyBytes()),
                most("qbc_http_body_limit_bytes", "How many they may be.", limits.bodyBytes()),
                bytes("qbc_http_stream_bytes", "Bytes that wait for readers of answers.", limits.streamBytes()),
                most("qbc_http_stream_limit_bytes", "How many they may be.", limits.streamBytes()),
                gauge(
                        "qbc_peer_answer_limit_bytes",
                        "How many the bytes of answers to own calls of peers may be.",
                        List.of(one(limits.peerAnswerBytes()))),
                gauge(
                        "qbc_network_buffer_bytes",
                        "Memory outside of the heap for what is received and sent.",
                        List.of(one(networkBytes()))),
                counter(
                        "qbc_http_stalled_readers",
                        "Readers that were cut off because they did not read.",
                        List.of(one(limits.stalledReaders().sum()))),
                counter("qbc_access_exceeded", "Calls beyond a limit of their caller, by the limit.", exceeded(limits)),
                gauge(
                        "qbc_judging_waiting",
                        "Requests that wait for the check of their data by their chain's rules.",
                        List.of(one(limits.judging().waiting()))));
    }

    private static List<Sample> exceeded(SharedLimits limits) {
        List<Sample> samples = new ArrayList<>();
        limits.exceeded().forEach((limit, count) -> samples.add(new Sample(Labels.of("limit", limit), count.sum())));
        return samples;
    }

    private static List<MetricSnapshot> chains(List<Chain> chains, StoreState store) {
        return List.of(
                ofChains(
                        "qbc_chain_height",
                        "The height of a chain's head.",
                        chains,
                        chain -> chain.head().height()),
                ofChains(
                        "qbc_chain_transactions",
                        "Transactions in a chain.",
                        chains,
                        chain -> chain.head().header().treeSize()),
                ofChains(
                        "qbc_chain_writable",
                        "1 while a chain takes writes, else 0.",
                        chains,
                        chain -> chain.writable() ? 1 : 0),
                ofChains(
                        "qbc_chain_index_ratio",
                        "Which part of a chain the index of its transactions has; 1 once it is complete.",
                        chains,
                        chain -> store.indexed().getOrDefault(chain.id(), 1.0)));
    }

    private static List<MetricSnapshot> pools(Told told) {
        return List.of(
                ofPools("qbc_pool_transactions", "Transactions that wait for a leap.", told, PoolState::transactions),
                ofPools("qbc_pool_bytes", "Bytes of the transactions that wait for a leap.", told, PoolState::bytes));
    }

    private static MetricSnapshot peers(List<Peer> peers) {
        long live = peers.stream().filter(Peer::live).count();
        return gauge(
                "qbc_peers",
                "Peers that are known, by whether they answer.",
                List.of(
                        new Sample(Labels.of("state", "live"), live),
                        new Sample(Labels.of("state", "away"), peers.size() - live)));
    }

    private static List<MetricSnapshot> view(Told told) {
        PeerView view = told.network().view();
        List<Sample> skew = view.skewMillis()
                .map(millis -> List.of(new Sample(Labels.EMPTY, millis / 1000.0)))
                .orElse(List.of());
        return List.of(
                ofPools(
                        "qbc_chain_stalled",
                        "1 while transactions wait too long on a head that stands still, else 0.",
                        told,
                        pool -> pool.stall().isPresent() ? 1 : 0),
                ofChains(
                        "qbc_chain_behind_quants",
                        "Quants of a chain that a peer has and this node has not.",
                        told.chains(),
                        chain -> view.behind().getOrDefault(chain.id(), 0L)),
                gauge("qbc_clock_skew_seconds", "How far the clocks of most peers are ahead of this node's.", skew),
                gauge(
                        "qbc_shared_identities",
                        "Identities that several nodes show, as noticed of late.",
                        List.of(one(view.warnings().stream()
                                .filter(warning -> warning.code().equals(SHARED))
                                .count()))));
    }

    private static List<MetricSnapshot> store(StoreState store) {
        List<Sample> free = store.freeBytes() == Long.MAX_VALUE ? List.of() : List.of(one(store.freeBytes()));
        return List.of(
                gauge("qbc_store_free_bytes", "Free space on the disk of the data directory.", free),
                gauge(
                        "qbc_store_reserve_bytes",
                        "Free space below which no writes are taken.",
                        List.of(one(store.reserveBytes()))),
                counter(
                        "qbc_store_damage_met",
                        "Reads and commits that met damaged data.",
                        List.of(one(store.damageMet()))),
                counter(
                        "qbc_store_reopened",
                        "Times that the store was opened again after the disk was full.",
                        List.of(one(store.reopened()))));
    }

    private static List<MetricSnapshot> traffic(Network network) {
        Conduct conduct = network.peers().conduct();
        List<Sample> misbehaviours = conduct.misbehaviours().entrySet().stream()
                .map(each -> new Sample(Labels.of("kind", each.getKey()), each.getValue()))
                .toList();
        return List.of(
                counter("qbc_peer_misbehaviours", "What peers did that no honest one does.", misbehaviours),
                gauge(
                        "qbc_peer_bans",
                        "Keys and addresses that are banned.",
                        List.of(one(conduct.bans().size()))),
                counter(
                        "qbc_peer_refused_calls",
                        "Calls of others that were refused since they are banned or call too often.",
                        List.of(one(network.peers().traffic().refused()))),
                gauge(
                        "qbc_peer_postponed_chains",
                        "Chains of peers that wait, since those who have them brought too many.",
                        List.of(one(network.peers().traffic().postponed()))),
                gauge(
                        "qbc_peer_answer_bytes",
                        "Bytes under way of answers to own calls of peers.",
                        List.of(one(network.peers().traffic().answerBytes()))),
                counter(
                        "qbc_peer_slow_calls",
                        "Calls of peers that were ended because the peer was too slow.",
                        List.of(one(network.peers().traffic().slow()))),
                gauge(
                        "qbc_orphans",
                        "Quants that wait for their parent.",
                        List.of(one(network.orphans().count()))),
                gauge(
                        "qbc_orphan_bytes",
                        "Memory of the quants that wait for their parent, about.",
                        List.of(one(network.orphans().bytes()))),
                gauge(
                        "qbc_access_exposed_addresses",
                        "Addresses from which credentials came over plain HTTP.",
                        List.of(one(network.exposed()))));
    }

    private static MetricSnapshot ofChains(
            String name, String help, List<Chain> chains, ToDoubleFunction<Chain> value) {
        return gauge(
                name,
                help,
                chains.stream()
                        .map(chain -> new Sample(labels(chain), value.applyAsDouble(chain)))
                        .toList());
    }

    private static MetricSnapshot ofPools(String name, String help, Told told, ToDoubleFunction<PoolState> value) {
        return gauge(
                name,
                help,
                IntStream.range(0, told.pools().size())
                        .mapToObj(i -> new Sample(
                                labels(told.chains().get(i)),
                                value.applyAsDouble(told.pools().get(i))))
                        .toList());
    }

    private static MetricSnapshot inUse(String name, String help, Permits permits) {
        return gauge(name, help, List.of(one(permits.inUse())));
    }

    private static long networkBytes() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator
                ? allocator.metric().usedDirectMemory()
                : 0;
    }

    private static MetricSnapshot bytes(String name, String help, ByteBudget budget) {
        return gauge(name, help, List.of(one(budget.held())));
    }

    private static MetricSnapshot most(String name, String help, ByteBudget budget) {
        return gauge(name, help, List.of(one(budget.most())));
    }

    private static MetricSnapshot gauge(String name, String help, List<Sample> samples) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                samples.stream()
                        .map(sample -> GaugeDataPointSnapshot.builder()
                                .value(sample.value())
                                .labels(sample.labels())
                                .build())
                        .toList());
    }

    /** The library ends the name in {@code _total}. */
    private static MetricSnapshot counter(String name, String help, List<Sample> samples) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                samples.stream()
                        .map(sample -> CounterDataPointSnapshot.builder()
                                .value(sample.value())
                                .labels(sample.labels())
                                .build())
                        .toList());
    }

    private static Sample one(long value) {
        return new Sample(Labels.EMPTY, value);
    }

    private static Sample result(String result, long count) {
        return new Sample(Labels.of("result", result), count);
    }

    private static Labels labels(RouteMeter route, RouteMeter.Reading reading) {
        return Labels.of("method", route.method(), "route", route.template(), "code", Integer.toString(reading.code()));
    }

    private static Labels labels(Chain chain) {
        return Labels.of("chain", chain.name());
    }
}
