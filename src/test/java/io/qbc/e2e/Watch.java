package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.spec.ChainSpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps every quant of one signer that any node had in its chain at any time, also what it gave up later. */
final class Watch implements AutoCloseable {
    private static final int DEPTH = 8;
    private static final long EVERY_MS = 100;

    private final ScheduledExecutorService threads;
    private final List<? extends Future<?>> looks;
    private final Engine engine;
    private final String key;
    private final Map<String, Header> seen = new ConcurrentSkipListMap<>();

    Watch(List<ChainClient> chains, String key) {
        this.key = key;
        Bytes spec = Bytes.utf8(chains.get(0).state().get("spec").toString());
        engine = Engines.of(ChainSpecReader.read(spec, "the chain").consensus()).orElseThrow();
        threads = Executors.newScheduledThreadPool(chains.size());
        looks = chains.stream()
                .map(chain -> threads.scheduleWithFixedDelay(() -> look(chain), 0, EVERY_MS, TimeUnit.MILLISECONDS))
                .toList();
    }

    private void look(ChainClient chain) {
        try {
            long from = Math.max(0, chain.height() - DEPTH);
            JsonNode page = chain.client()
                    .get(chain.path() + "/quants?from=" + from)
                    .expect(200)
                    .json();
            page.get("quants").forEach(this::seen);
        } catch (RuntimeException | AssertionError nodeIsAway) {
            // It is looked at again when it is back.
        }
    }

    /** Takes in a quant as a node shows it. */
    void seen(JsonNode quant) {
        if (quant.get("producer").textValue().equals(key)) {
            Header header = header(quant);
            if (!header.hash().hex().equals(quant.get("hash").textValue())) {
                throw new AssertionError("not its hash: " + quant);
            }
            seen.put(header.hash().hex(), header);
        }
    }

    /** Fails if the signer sealed two quants of which an honest one seals only one. */
    void assertHonest() {
        List<Header> all = new ArrayList<>(seen.values());
        if (all.isEmpty()) {
            throw new AssertionError("nothing was seen of the signer " + key);
        }
        for (int i = 0; i < all.size(); i++) {
            for (Header other : all.subList(0, i)) {
                if (engine.conflict(all.get(i), other)) {
                    throw new AssertionError("signed both " + all.get(i) + " and " + other);
                }
            }
        }
    }

    private static Header header(JsonNode quant) {
        return new Header(
                quant.get("version").intValue(),
                Hash.parse(quant.get("chain").textValue()).orElseThrow(),
                quant.get("height").longValue(),
                quant.get("timestamp").longValue(),
                Hash.parse(quant.get("previous").textValue()).orElseThrow(),
                quant.get("treeSize").longValue(),
                Hash.parse(quant.get("root").textValue()).orElseThrow(),
                quant.get("count").intValue(),
                Bytes.hex(quant.get("producer").textValue()),
                Bytes.hex(quant.get("consensus").textValue()),
                Bytes.hex(quant.get("proof").textValue()));
    }

    @Override
    public void close() {
        looks.forEach(look -> look.cancel(true));
        threads.shutdownNow();
    }
}
