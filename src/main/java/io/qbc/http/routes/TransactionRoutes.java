package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.CallerKey;
import io.qbc.api.InjectStyle;
import io.qbc.api.WaitTime;
import io.qbc.api.verbs.ListVerbs;
import io.qbc.api.verbs.TransactionVerbs.InjectOptions;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.Preference;
import io.qbc.http.server.RequestKey;
import io.qbc.http.server.RequestTrace;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Turns;
import io.qbc.model.Reason;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** The routes by which transactions come in and are read again. */
public final class TransactionRoutes {
    private static final long PAGE_BYTES = 4 << 20;

    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;
    private final Deadlines deadlines;
    private final Turns turns = new Turns();
    private final Duration waitMax;

    public TransactionRoutes(NodeConfig config, Verbs verbs, BodyReader bodies, Deadlines deadlines) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
        this.deadlines = deadlines;
        this.waitMax = Preference.most(config.http());
    }

    public void addTo(RouteTable routes) {
        routes.post(RouteTable.INJECT, this::inject);
        routes.get(RouteTable.INJECT, this::list);
        routes.get(RouteTable.FIND_TRANSACTION, this::find);
        new OperationRoutes(config, verbs, bodies, waitMax).addTo(routes);
    }

    private void inject(Exchange exchange) {
        Optional<String> type = exchange.header(HttpHeaders.CONTENT_TYPE);
        String essence = type.map(MediaTypes::essence).orElse(Answer.JSON);
        if (essence.equals(MediaTypes.NDJSON)) {
            batch(exchange);
            return;
        }
        MediaTypes.refuseForeign(exchange, Answer.JSON + " and " + MediaTypes.NDJSON, Answer.JSON);
        CallerKey key = CallerKey.of(exchange.caller(), RequestKey.of(exchange));
        Optional<WaitTime> wait = Preference.wait(exchange, waitMax);
        TraceSpan trace = RequestTrace.begin(verbs.tracing(), exchange, TraceNames.INJECT, RouteTable.INJECT);
        InjectOptions options = new InjectOptions(InjectStyle.STRICT, key, wait, exchange::left, trace);
        exchange.answer(bodies.read(exchange, config.limits().bodyBytes())
                .onFailure(verbs.injector()::refused)
                .compose(body -> verbs.transactions().inject(exchange.value("chain"), body, options))
                .onSuccess(answer -> wait.ifPresent(time -> Preference.applied(exchange, time))));
    }

    private void batch(Exchange exchange) {
        if (RequestKey.of(exchange).isPresent()) {
            throw new Failure(Reason.KEY_INVALID, "in a batch each line has its own member key");
        }
        BatchExchange.Limits limits = new BatchExchange.Limits(
                config.limits().bodyBytes(),
                config.limits().batchBytes(),
                config.http().bodyTimeout());
        new BatchExchange(exchange, verbs, deadlines, turns, limits)
                .begin(verbs.directory().find(exchange.value("chain")));
    }

    private void list(Exchange exchange) {
        ListVerbs.Wanted wanted = new ListVerbs.Wanted(
                exchange.query("key"),
                exchange.query("type"),
                exchange.query("author"),
                exchange.query("from"),
                exchange.query("to"),
                exchange.query("order"));
        ListVerbs.Part part = new ListVerbs.Part(exchange.query("after"), exchange.number("limit"), PAGE_BYTES);
        exchange.answer(verbs.lists().list(exchange.caller(), exchange.value("chain"), wanted, part));
    }

    private void find(Exchange exchange) {
        Optional<WaitTime> wait = Preference.queried(exchange, waitMax);
        exchange.answer(
                verbs.transactions().find(exchange.caller(), exchange.value("chain"), exchange.value("id"), wait));
    }
}
