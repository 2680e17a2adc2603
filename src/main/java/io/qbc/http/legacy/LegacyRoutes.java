package io.qbc.http.legacy;

import io.qbc.api.Answer;
import io.qbc.api.CallerKey;
import io.qbc.api.InjectStyle;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.json.QuantReader;
import io.qbc.api.stream.ChainStream;
import io.qbc.api.stream.PageReader;
import io.qbc.api.verbs.TransactionVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue.Peer;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RequestKey;
import io.qbc.http.server.RequestTrace;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Streams;
import io.qbc.json.JsonLimits;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The routes of the original, at the root, for the chain main or the one that the query names. */
public final class LegacyRoutes {
    private static final String CHAIN = "chain";

    private final Vertx vertx;
    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;
    private final PageReader pages;

    public LegacyRoutes(Vertx vertx, NodeConfig config, Verbs verbs, BodyReader bodies) {
        this.vertx = vertx;
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
        this.pages = new PageReader(verbs.bus());
    }

    public void addTo(RouteTable routes) {
        routes.post(RouteTable.LEGACY_INJECT, exchange -> inject(exchange, InjectStyle.LEGACY));
        routes.put(RouteTable.LEGACY_INJECT, exchange -> inject(exchange, InjectStyle.ECHO));
        routes.get("/leap", this::leap);
        routes.get("/json-chain", exchange -> chain(exchange, new JsonFormat()));
        routes.get("/chain", List.of(MediaTypes.CBOR, MediaTypes.PICKLE), this::binary);
        routes.get("/stats", this::stats);
        routes.get("/discover", this::peers);
        routes.post("/discover", this::discover);
        routes.post("/add-block", this::append);
    }

    private void inject(Exchange exchange, InjectStyle style) {
        boolean form = isForm(exchange);
        Optional<String> chain = exchange.query(CHAIN);
        CallerKey key = CallerKey.of(exchange.caller(), RequestKey.of(exchange));
        TraceSpan trace = RequestTrace.begin(verbs.tracing(), exchange, TraceNames.INJECT, RouteTable.LEGACY_INJECT);
        TransactionVerbs.InjectOptions options =
                new TransactionVerbs.InjectOptions(style, key, Optional.empty(), exchange::left, trace);
        exchange.answer(bodies.read(exchange, config.limits().bodyBytes())
                .map(body -> form ? fromForm(body) : body)
                .onFailure(verbs.injector()::refused)
                .compose(body -> verbs.transactions().legacy(chain, body, options)));
    }

    /** Whether the body is a form; anything but that and JSON is refused. */
    private static boolean isForm(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON + " and " + MediaTypes.FORM, Answer.JSON, MediaTypes.FORM);
        return exchange.header(HttpHeaders.CONTENT_TYPE)
                .filter(type -> MediaTypes.essence(type).equals(MediaTypes.FORM))
                .isPresent();
    }

    /** The field data of a form: JSON if its text is JSON, else the text itself. */
    private Bytes fromForm(Bytes body) {
        String data = new FormBody(body)
                .field("data")
                .orElseThrow(() -> new Failure(Reason.PAYLOAD_MISSING, "the form has no field data"));
        Bytes text = Bytes.utf8(data);
        boolean json = StrictJson.check(text, jsonLimits()).isEmpty();
        Consumer<JsonWriter> member = json ? out -> out.json("data", text) : out -> out.text("data", data);
        return JsonWriter.object(member).toBytes();
    }

    private void leap(Exchange exchange) {
        if (exchange.isHead()) {
            // A request for the head of an answer must not change anything (RFC 9110 section 9.2.1).
            exchange.stream(Answer.JSON);
            return;
        }
        exchange.answer(verbs.chains().legacyLeap(exchange.query(CHAIN)));
    }

    private void binary(Exchange exchange) {
        chain(exchange, exchange.form().equals(MediaTypes.PICKLE) ? new PickleFormat() : new CborFormat());
    }

    private void chain(Exchange exchange, LegacyForm.Format format) {
        verbs.directory()
                .seeRoot(exchange.query(CHAIN))
                .onSuccess(chain -> Streams.send(
                        exchange,
                        exchange.form(),
                        sink -> new ChainStream(
                                        pages,
                                        chain.id(),
                                        new LegacyForm(format),
                                        sink,
                                        ChainStream.Limit.upTo(chain.last()))
                                .from(0)))
                .onFailure(exchange::fail);
    }

    private void stats(Exchange exchange) {
        exchange.answer(head(exchange.query(CHAIN)).map(head -> Answer.object(200, out -> stats(out, head))));
    }

    private Future<QuantHead> head(Optional<String> chain) {
        return verbs.directory().seeRoot(chain).compose(verbs.quants()::head);
    }

    private static void stats(JsonWriter out, QuantHead head) {
        out.number("length", head.header().height() + 1);
        out.hex("hash", head.hash());
    }

    private void peers(Exchange exchange) {
        // The peers are those of the node; a chain that is named must exist all the same.
        Optional<String> chain = exchange.query(CHAIN);
        Future<?> named = chain.isPresent() ? verbs.directory().see(chain.get()) : Future.succeededFuture();
        exchange.answer(named.compose(known -> live()).map(peers -> Answer.json(200, JsonWriter.texts(peers))));
    }

    /** The addresses of the peers that answer. */
    private Future<List<String>> live() {
        return verbs.node()
                .known()
                .map(peers -> peers.peers().stream()
                        .filter(Peer::live)
                        .map(Peer::address)
                        .toList());
    }

    private void discover(Exchange exchange) {
        boolean form = isForm(exchange);
        Optional<String> chain = exchange.query(CHAIN);
        exchange.answer(bodies.read(exchange, config.limits().bodyBytes())
                .map(body -> address(form ? host(body) : field(body, "host")))
                .compose(address -> verbs.node().discovered(address))
                .compose(done -> live().compose(peers -> head(chain)
                        .map(head -> Answer.object(
                                200,
                                out -> out.texts("live_nodes", peers).object("stats", stats -> stats(stats, head)))))));
    }

    private static String host(Bytes form) {
        return new FormBody(form)
                .field("host")
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "the form has no field host"));
    }

    /** The original's nodes are called by host and port alone. */
    private static String address(String host) {
        return host.contains("://") ? host : "http://" + host;
    }

    private void append(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        Optional<String> name = exchange.query(CHAIN);
        QuantReader reader =
                new QuantReader(config.limits().batchBytes(), config.limits().jsonDepth());
        // A large quant takes long to read; the event loop has others to serve.
        exchange.answer(bodies.read(exchange, config.limits().batchBytes())
                .compose(body -> verbs.directory()
                        .root(name)
                        .compose(chain -> vertx.<Quant>executeBlocking(() -> reader.read(body, chain.id()), false)
                                .compose(quant -> verbs.chains().append(chain.id(), quant)))));
    }

    private String field(Bytes body, String name) {
        return BodyReader.field(body, name, jsonLimits());
    }

    private JsonLimits jsonLimits() {
        return new JsonLimits(config.limits().bodyBytes(), config.limits().jsonDepth());
    }
}
