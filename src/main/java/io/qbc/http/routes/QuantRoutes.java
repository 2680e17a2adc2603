package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.json.QuantForm;
import io.qbc.api.stream.ChainStream;
import io.qbc.api.stream.PageReader;
import io.qbc.api.stream.Sink;
import io.qbc.api.verbs.QuantVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.Preference;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Streams;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** The routes that read quants. */
public final class QuantRoutes {
    private static final int PAGE_BYTES = 4 << 20;

    private final PageReader pages;
    private final ChainDirectory chains;
    private final QuantVerbs quants;
    private final int pageQuants;
    private final Duration waitMax;

    public QuantRoutes(Verbs verbs, NodeConfig config) {
        this.pages = new PageReader(verbs.bus());
        this.chains = verbs.directory();
        this.quants = verbs.quants();
        this.pageQuants = config.limits().pageQuants();
        this.waitMax = Preference.most(config.http());
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/chains/{chain}/quants", List.of(Answer.JSON, MediaTypes.NDJSON), this::list);
        routes.get("/v1/chains/{chain}/quants/{quant}", this::one);
    }

    private void list(Exchange exchange) {
        long from = exchange.number("from").orElse(0);
        OptionalLong limit = exchange.number("limit");
        if (limit.isPresent() && limit.getAsLong() == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        boolean lines = exchange.form().equals(MediaTypes.NDJSON);
        long most = lines ? limit.orElse(Long.MAX_VALUE) : Math.min(limit.orElse(pageQuants), pageQuants);
        long bytes = lines ? Long.MAX_VALUE : PAGE_BYTES;
        chains.see(exchange.value("chain"))
                .onSuccess(chain -> Streams.send(
                        exchange,
                        exchange.form(),
                        sink -> new ChainStream(
                                        pages,
                                        chain.id(),
                                        lines ? QuantForm.LINES : QuantForm.PAGE,
                                        sink,
                                        new ChainStream.Limit(most, bytes, chain.last()))
                                .from(from)))
                .onFailure(exchange::fail);
    }

    private void one(Exchange exchange) {
        QuantName name = QuantVerbs.name(exchange.value("quant"));
        QuantVerbs.Wanted wanted =
                new QuantVerbs.Wanted(name, exchange.number("min"), Preference.queried(exchange, waitMax));
        chains.see(exchange.value("chain"))
                .compose(chain -> quants.find(chain, wanted)
                        .onSuccess(quant -> send(exchange, chain.id(), quant, name instanceof QuantName.ByHash)))
                .onFailure(exchange::fail);
    }

    private void send(Exchange exchange, Hash chain, QuantHead quant, boolean forever) {
        if (!exchange.fresh(quant.hash().hex(), forever)) {
            Streams.send(exchange, Answer.JSON, sink -> only(chain, quant, sink));
        }
    }

    private Future<Void> only(Hash chain, QuantHead quant, Sink sink) {
        return new ChainStream(pages, chain, QuantForm.ONE, sink, upTo(quant)).only(quant);
    }

    /** So that nothing is read ahead that comes after it. */
    private static ChainStream.Limit upTo(QuantHead quant) {
        return ChainStream.Limit.upTo(quant.header().height());
    }
}
