package io.qbc.eventbus;

import io.qbc.access.Caller;
import io.qbc.access.Proof;
import io.qbc.api.Answer;
import io.qbc.api.CallerKey;
import io.qbc.api.InjectStyle;
import io.qbc.api.WaitTime;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.QuantForm;
import io.qbc.api.stream.ChainStream;
import io.qbc.api.stream.PageReader;
import io.qbc.api.verbs.AnalyticsVerbs;
import io.qbc.api.verbs.AuditVerbs;
import io.qbc.api.verbs.ListVerbs;
import io.qbc.api.verbs.OperationVerbs.OperateOptions;
import io.qbc.api.verbs.QuantVerbs;
import io.qbc.api.verbs.TransactionVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The verbs of the API as the event bus has them, asked with JSON objects. */
final class EventBusVerbs {
    private static final int PAGE_BYTES = 1 << 20;

    private final Verbs verbs;
    private final NodeConfig config;
    private final PageReader pages;
    private final EventBusProjections projections;

    EventBusVerbs(Verbs verbs, NodeConfig config) {
        this.verbs = verbs;
        this.config = config;
        this.pages = new PageReader(verbs.bus());
        this.projections = new EventBusProjections(verbs, config.http().waitMax());
    }

    /** The verbs about projections. */
    EventBusProjections projections() {
        return projections;
    }

    /** The members are those of the REST body, and {@code chain}, and {@code wait} in seconds. */
    Future<Answer> inject(JsonObject ask, Caller caller, TraceSpan trace) {
        String chain;
        Bytes body;
        TransactionVerbs.InjectOptions options;
        try {
            chain = text(ask, "chain");
            body = without(ask, "chain", "wait");
            options =
                    new TransactionVerbs.InjectOptions(InjectStyle.STRICT, CallerKey.of(caller), waitTime(ask), trace);
        } catch (Failure failure) {
            verbs.injector().refused(failure);
            throw failure;
        }
        return verbs.transactions().inject(chain, body, options);
    }

    /** The same members as for an inject; who asks without a proof and from another process is a stranger. */
    Future<Answer> operate(JsonObject ask, Caller caller) {
        boolean proved = caller.proof() != Proof.NONE || !config.cluster().enabled();
        OperateOptions options = new OperateOptions(CallerKey.of(caller), waitTime(ask), proved);
        return verbs.operations().operate(text(ask, "chain"), without(ask, "chain", "wait"), options);
    }

    /** The members are those of the REST body, and {@code chain}. */
    Future<Answer> fork(JsonObject ask) {
        return verbs.lifecycle().fork(text(ask, "chain"), without(ask, "chain"));
    }

    Future<Answer> remove(JsonObject ask) {
        return verbs.lifecycle().remove(text(ask, "chain"), optionalText(ask, "confirm"));
    }

    /** A page of chains after the name {@code after}. */
    Future<Answer> listChains(JsonObject ask, Caller caller) {
        return verbs.chains().list(caller, optionalText(ask, "after"), whole(ask, "limit"));
    }

    /** A page of the audit trail, the newest entry first. */
    Future<Answer> listAudit(JsonObject ask) {
        AuditVerbs.Wanted wanted = new AuditVerbs.Wanted(
                whole(ask, "from"), whole(ask, "to"), optionalText(ask, "name"), optionalText(ask, "operation"));
        return verbs.audit().list(wanted, optionalText(ask, "after"), whole(ask, "limit"));
    }

    /** A string that need not be there. */
    static Optional<String> optionalText(JsonObject ask, String name) {
        return ask.containsKey(name) ? Optional.of(text(ask, name)) : Optional.empty();
    }

    Future<Answer> diff(JsonObject ask) {
        return verbs.diffs().diff(text(ask, "chain"), text(ask, "with"), whole(ask, "from"), whole(ask, "limit"));
    }

    /** The members are the values of the query. */
    Future<Answer> analytics(JsonObject ask) {
        AnalyticsVerbs.Wanted wanted = new AnalyticsVerbs.Wanted(
                optionalText(ask, "from"), optionalText(ask, "to"), optionalText(ask, "step"), optionalText(ask, "by"));
        return verbs.analytics().find(text(ask, "chain"), wanted).map(AnalyticsVerbs.Figures::answer);
    }

    /** The members are the values of the query; times may be numbers. */
    Future<Answer> listTransactions(JsonObject ask, Caller caller) {
        ListVerbs.Wanted wanted = new ListVerbs.Wanted(
                optionalText(ask, "key"),
                optionalText(ask, "type"),
                optionalText(ask, "author"),
                time(ask, "from"),
                time(ask, "to"),
                optionalText(ask, "order"));
        ListVerbs.Part part = new ListVerbs.Part(optionalText(ask, "after"), whole(ask, "limit"), PAGE_BYTES);
        return verbs.lists().list(caller, text(ask, "chain"), wanted, part);
    }

    private static Optional<String> time(JsonObject ask, String name) {
        return ask.getValue(name) instanceof Number ? number(ask, name).map(String::valueOf) : optionalText(ask, name);
    }

    static OptionalLong whole(JsonObject ask, String name) {
        return number(ask, name).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    Future<Answer> findTransaction(JsonObject ask, Caller caller) {
        return verbs.transactions().find(caller, text(ask, "chain"), text(ask, "id"), waitTime(ask));
    }

    /** A page of quants from the height {@code from} on. */
    Future<Answer> listQuants(JsonObject ask, MessageBytes bytes) {
        long from = number(ask, "from").orElse(0L);
        long most = config.limits().pageQuants();
        long limit = Math.min(number(ask, "limit").orElse(most), most);
        if (limit == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        Buffer page = Buffer.buffer();
        return verbs.directory()
                .see(text(ask, "chain"))
                .compose(chain -> {
                    ChainStream.Limit until = new ChainStream.Limit(limit, PAGE_BYTES, chain.last());
                    return new ChainStream(pages, chain.id(), QuantForm.PAGE, bytes.into(page), until).from(from);
                })
                .map(done -> Answer.of(200, Answer.JSON, Bytes.wrap(page.getBytes())));
    }

    /** One quant; when its transactions are too many for a message, {@code next} is the offset to ask on at. */
    Future<Answer> findQuant(JsonObject ask) {
        QuantName name = QuantVerbs.name(String.valueOf(ask.getValue("quant", "")));
        QuantVerbs.Wanted wanted = new QuantVerbs.Wanted(name, whole(ask, "min"), waitTime(ask));
        int offset = (int) Math.min(Integer.MAX_VALUE, number(ask, "offset").orElse(0L));
        return verbs.directory()
                .see(text(ask, "chain"))
                .compose(chain -> verbs.quants()
                        .find(chain, wanted)
                        .compose(quant -> offset >= quant.header().count()
                                ? Future.succeededFuture(quant(quant, List.of(), offset))
                                : verbs.bus()
                                        .ask(
                                                Catalogue.READ_QUANT,
                                                new ReadQuant(chain.id(), quant.hash(), offset, PAGE_BYTES))
                                        .map(Page::pieces)
                                        .map(pieces -> quant(quant, pieces, offset))));
    }

    private static Answer quant(QuantHead quant, List<Piece> pieces, int offset) {
        JsonBuffer out = new JsonBuffer(4096);
        JsonForms.quant(out, quant);
        int at = offset;
        for (Piece piece : pieces) {
            for (Transaction transaction : piece.transactions()) {
                QuantForm.ONE.transaction(out, transaction, quant.firstIndex() + at, at == offset);
                at++;
            }
        }
        out.raw("]");
        if (at < quant.header().count()) {
            out.raw(",\"next\":").number(at);
        }
        return Answer.json(200, out.raw("}"));
    }

    static String text(JsonObject ask, String name) {
        if (ask.getValue(name) instanceof String text) {
            return text;
        }
        throw new Failure(Reason.REQUEST_INVALID, "a string named " + name + " is required");
    }

    private static Optional<Long> number(JsonObject ask, String name) {
        Object value = ask.getValue(name);
        if (value == null) {
            return Optional.empty();
        }
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return Optional.of(((Number) value).longValue());
        }
        throw new Failure(Reason.REQUEST_INVALID, name + " must be a whole number, not below 0");
    }

    private Optional<WaitTime> waitTime(JsonObject ask) {
        return Optional.of(waited(ask, config.http().waitMax()))
                .filter(time -> !time.isZero())
                .map(WaitTime::new);
    }

    /** The member {@code wait}, in seconds or as a text like {@code 500ms}, up to a bound. */
    static Duration waited(JsonObject ask, Duration most) {
        Duration time = Optional.ofNullable(ask.getValue("wait"))
                .map(value -> WaitTime.read(value))
                .orElse(Duration.ZERO);
        return time.compareTo(most) < 0 ? time : most;
    }

    static Bytes without(JsonObject ask, String... names) {
        JsonObject body = new JsonObject(new LinkedHashMap<>(ask.getMap()));
        for (String name : names) {
            body.remove(name);
        }
        return encoded(body);
    }

    static Bytes encoded(JsonObject body) {
        try {
            return Bytes.wrap(body.toBuffer().getBytes());
        } catch (EncodeException | IllegalStateException e) {
            throw new Failure(Reason.JSON_INVALID, "the body has a value that is no JSON");
        }
    }
}
