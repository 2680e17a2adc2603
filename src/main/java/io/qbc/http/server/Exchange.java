package io.qbc.http.server;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.qbc.access.Caller;
import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.api.limits.ByteBudget;
import io.qbc.bus.Failure;
import io.qbc.http.auth.ProxyView;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** An exchange of one request and its answer; whatever happens, it is answered once. */
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final long LINGER_MILLIS = 300;
    /** Answers up to this size are not counted: the system takes as much of a connection's before its caller reads. */
    private static final int UNCOUNTED_BYTES = 32 * 1024;

    /** Of what HTTP/2 takes at once, so that a slow reader is told from one that does not read. */
    private static final int PIECE_BYTES = 16 * 1024;

    /** How long what comes after the answer falls, before its stream is reset. */
    private static final long REST_MILLIS = 1000;

    private static final long NO_ERROR = 0;
    private static final long INTERNAL_ERROR = 2;
    private static final String LOCATION = "Location";
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final CallerConnection connection;
    private final Map<String, String> values;
    private final String form;
    private final List<Runnable> afterwards = new ArrayList<>(2);
    private final List<Runnable> settlements = new ArrayList<>(1);
    private int works;
    private Caller caller = Caller.NOBODY;
    private Predicate<Caller> stillProved = unused -> true;
    private ProxyView view = ProxyView.DIRECT;
    private String basePath = "";
    private Optional<InetAddress> client = Optional.empty();
    private Optional<Function<Outcome, Future<Void>>> recorder = Optional.empty();
    private String code = Outcome.OK;
    private boolean recording;
    private boolean answered;
    private boolean over;
    private boolean closing;
    private boolean timed = true;
    private IntConsumer took = bytes -> {};
    /** Of a streamed answer, the piece that was written last. */
    private Future<Void> last = Future.succeededFuture();

    /**
     * An exchange that begins.
     *
     * @param values what the path's variable segments hold
     * @param form the media type that was agreed on for the answer
     */
    public Exchange(HttpServerRequest request, Map<String, String> values, String form) {
        this.request = request;
        this.response = request.response();
        this.connection = CallerConnection.of(request.connection());
        this.values = values;
        this.form = form;
        response.headers().set(HttpHeaders.DATE, HttpDate.at(System.currentTimeMillis()));
        SecurityFields.set(request, response.headers());
        if (!isMultiplexed() && isLastOfMany()) {
            closeAfter();
        }
    }

    /** Whether the caller asks for the end of the connection among others: Vert.x sees that where it stands alone. */
    private boolean isLastOfMany() {
        for (String options : request.headers().getAll(HttpHeaders.CONNECTION)) {
            if (options.indexOf(',') >= 0
                    && Stream.of(options.split(",")).map(String::strip).anyMatch("close"::equalsIgnoreCase)) {
                return true;
            }
        }
        return false;
    }

    /** Runs when the answer was sent or the caller left, whichever comes first; once, and at once if it is over. */
    public void whenOver(Runnable work) {
        if (over) {
            work.run();
            return;
        }
        if (afterwards.isEmpty()) {
            response.endHandler(ended -> over());
            response.closeHandler(closed -> over());
        }
        afterwards.add(work);
    }

    /** Runs when the exchange is over and no work {@link #during} it goes on; once. */
    void whenSettled(Runnable work) {
        settlements.add(work);
        if (settlements.size() == 1) {
            whenOver(this::settle);
        }
    }

    /** What the exchange holds stays counted while this work goes on, even if the caller leaves before. */
    public <T> Future<T> during(Future<T> work) {
        works++;
        return work.onComplete(done -> {
            works--;
            settle();
        });
    }

    private void settle() {
        if (over && works == 0) {
            settlements.forEach(Runnable::run);
            settlements.clear();
        }
    }

    /** A signal for any thread that tells whether the answer was sent or the caller left. */
    public BooleanSupplier left() {
        AtomicBoolean left = new AtomicBoolean(isOver());
        whenOver(() -> left.set(true));
        return left::get;
    }

    /** Whether the answer was sent or the caller left. */
    boolean isOver() {
        return over || response.closed();
    }

    private void over() {
        if (!over) {
            over = true;
            afterwards.forEach(Runnable::run);
        }
    }

    /** The connection on which it comes. */
    CallerConnection connection() {
        return connection;
    }

    /** Who calls, once that was decided. */
    public Caller caller() {
        return caller;
    }

    /** @param still whether the credential of a caller counts any longer */
    void calledBy(Caller proved, Predicate<Caller> still) {
        caller = proved;
        stillProved = still;
    }

    /** Whether the caller could ask for this now as well: its credential has not ended or been taken back. */
    public boolean isProvedStill() {
        return stillProved.test(caller);
    }

    /**
     * Takes over how the caller sees this node.
     *
     * @param prefix of the paths by which it does, unless a proxy tells another one
     */
    void seenAs(ProxyView told, String prefix) {
        view = told;
        basePath = told.prefix().orElse(prefix);
    }

    /** The path below which the caller sees this node, empty at the root. */
    public String basePath() {
        return basePath;
    }

    /** By what name the caller calls this node; a proxy that is believed may tell it. */
    Optional<String> host() {
        return view.host().or(this::authority);
    }

    /** Whether nobody between the caller and this node, or the proxy that it believes, can read what they say. */
    boolean isSecure() {
        return view.isSecure().orElse(connection.isEncrypted());
    }

    /** The address that it comes from, of the caller itself where a proxy speaks for it. */
    String address() {
        return client.orElse(connection.address()).getHostAddress();
    }

    /** A proxy that is believed speaks for the caller at this address. */
    void calledFrom(InetAddress address) {
        client = Optional.of(address);
    }

    /** What becomes of it is told before it is answered; the answer waits until that is done. */
    void recordedBy(Function<Outcome, Future<Void>> teller) {
        recorder = Optional.of(teller);
    }

    /** Tells what became of some of many things that it asks for, which are answered one by one. */
    public void recordPart(String outcome, long count) {
        Outcome part = new Outcome(response.getStatusCode(), outcome, "", count);
        recorder.ifPresent(teller ->
                teller.apply(part).onFailure(fault -> LOG.error("the audit trail does not have {}", part, fault)));
    }

    /** What bodies under way may hold, of all callers and of this one's address. */
    public ByteBudget bodyBytes() {
        return connection.share().bodyBytes();
    }

    /** What may wait for readers of answers, of all callers and of this one's address. */
    public ByteBudget streamBytes() {
        return connection.share().streamBytes();
    }

    /** Reads no more of what the caller sends, or goes on; what was read already is the request's to pause. */
    public void pauseReading(boolean now) {
        connection.pause(now);
    }

    /** The pace that the caller must keep. */
    public Pace pace() {
        return connection.pace();
    }

    public HttpServerRequest request() {
        return request;
    }

    /** What the request itself calls this node, in the field Host or what HTTP/2 has in its place. */
    public Optional<String> authority() {
        return isMultiplexed()
                ? Optional.ofNullable(request.authority()).map(Object::toString)
                : header(HttpHeaders.HOST);
    }

    /** Whether other exchanges go on at once on the same connection, as in HTTP/2. */
    boolean isMultiplexed() {
        return connection.isMultiplexed();
    }

    public HttpServerResponse response() {
        return response;
    }

    public String form() {
        return form;
    }

    public boolean isHead() {
        return HttpMethod.HEAD.equals(request.method());
    }

    /** A variable segment of the path. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** A variable segment of the path, or a value of the query; empty if there is neither. */
    Optional<String> named(String name) {
        String segment = values.get(name);
        return segment == null ? query(name) : Optional.of(segment);
    }

    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    List<String> headers(CharSequence name) {
        return request.headers().getAll(name);
    }

    public Optional<String> query(String name) {
        if (request.query() == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(request.params().get(name));
        } catch (IllegalArgumentException e) {
            throw new Failure(Reason.REQUEST_INVALID, "the query is malformed");
        }
    }

    /** All that the query has, by name. */
    public Map<String, List<String>> queries() {
        if (request.query() == null) {
            return Map.of();
        }
        try {
            // What Vert.x has as parameters are the path's variable segments too.
            return new QueryStringDecoder(request.query(), false).parameters();
        } catch (IllegalArgumentException e) {
            throw new Failure(Reason.REQUEST_INVALID, "the query is malformed");
        }
    }

    /** A whole number of the query, not below 0; empty if it is absent, a failure if it is something else. */
    public OptionalLong number(String name) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = text.get();
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Failure(Reason.REQUEST_INVALID, name + " must be a whole number, not below 0");
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    /** Answers with what a future gives, or with the problem that it fails with. */
    public void answer(Future<Answer> answer) {
        answer.onSuccess(this::answer).onFailure(this::fail);
    }

    public void answer(Answer answer) {
        if (answered || recording) {
            return;
        }
        if (recorder.isEmpty()) {
            send(answer);
            return;
        }
        recording = true;
        String made = answer.headers().getOrDefault(LOCATION, "");
        recorder.get().apply(Outcome.of(answer.status(), code, made)).onComplete(done -> {
            recorder = Optional.empty();
            recording = false;
            send(answer);
        });
    }

    private void send(Answer answer) {
        if (answered || response.closed()) {
            return;
        }
        int size = answer.body().size();
        boolean counted = size > UNCOUNTED_BYTES && !isHead();
        if (counted && !streamBytes().take(size)) {
            problem(Reason.BUSY, "too much waits for readers of answers");
            return;
        }
        answered = true;
        MultiMap headers = response.setStatusCode(answer.status()).headers();
        headers.set(HttpHeaders.CONTENT_TYPE, answer.type());
        answer.headers().forEach(headers::set);
        if (!basePath.isEmpty() && answer.headers().containsKey(LOCATION)) {
            headers.set(LOCATION, basePath + answer.headers().get(LOCATION));
        }
        Buffer body = body(answer);
        if (isHead()) {
            headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            end(Buffer.buffer(0));
        } else {
            Future<Void> taken = Gzip.of(this, answer.type(), size)
                    .map(gzip -> gzip.end(body)
                            .onComplete(done -> gzip.close())
                            .onFailure(this::abort)
                            .compose(this::end))
                    .orElseGet(() -> end(body));
            if (counted) {
                watch(taken, size);
            }
        }
    }

    /** The body, with a line feed behind JSON, for who reads it on a terminal. */
    private static Buffer body(Answer answer) {
        Bytes bytes = answer.body();
        boolean line = MediaTypes.isJson(answer.type()) && !bytes.isEmpty();
        Buffer body = Buffer.buffer(bytes.size() + 1).appendBytes(bytes.array(), bytes.offset(), bytes.size());
        return line ? body.appendByte((byte) '\n') : body;
    }

    private void watch(Future<Void> taken, int size) {
        ByteBudget budget = streamBytes();
        ReaderWatch watch = new ReaderWatch(this, () -> {});
        watch.begin();
        taken.onComplete(done -> {
            watch.end();
            budget.release(size);
        });
    }

    public void fail(Throwable cause) {
        Refusal refusal = Failure.of(cause);
        if (refusal.reason() == Reason.INTERNAL && !(cause instanceof Failure)) {
            LOG.error("{} {} failed", request.method(), request.path(), cause);
        }
        problem(refusal);
    }

    /** Answers that there is nothing, and that the caller need not come again. */
    public void noContent() {
        if (!answered && !response.closed()) {
            answered = true;
            response.setStatusCode(204);
            end(Buffer.buffer(0));
        }
    }

    void problem(Refusal refusal) {
        code = refusal.reason().code();
        answer(Problems.answer(refusal, Optional.ofNullable(values.get("chain"))));
    }

    public void problem(Reason reason, String detail) {
        problem(reason.refusal(detail));
    }

    /** A problem under another status than its reason usually has. */
    void problem(int status, Refusal refusal) {
        code = refusal.reason().code();
        answer(Problems.answer(status, refusal, Optional.ofNullable(values.get("chain"))));
    }

    /**
     * Whether the caller has this version already; then it is told so, and that is the answer.
     *
     * @param forever the content at this address can never change
     */
    public boolean fresh(String tag, boolean forever) {
        String quoted = '"' + tag + '"';
        response.headers().set(HttpHeaders.ETAG, quoted);
        response.headers().set(HttpHeaders.CACHE_CONTROL, forever ? "public, max-age=31536000, immutable" : NO_CACHE);
        boolean known = header(HttpHeaders.IF_NONE_MATCH)
                .filter(tags -> tags.equals("*") || tags.contains(quoted))
                .isPresent();
        if (known && !answered && !response.closed()) {
            answered = true;
            response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            response.setStatusCode(304);
            end(Buffer.buffer(0));
        }
        return known;
    }

    /** Answers with a file of a page for people, or that the caller has it already. */
    public void file(PageFile file) {
        SecurityFields.setPage(response.headers());
        boolean compressed = file.compressed().isPresent() && Gzip.isAccepted(this);
        if (!fresh(file.tag(), false)) {
            answer(file.answer(compressed));
        }
    }

    /**
     * Begins an answer of unknown length; the caller writes into {@link #response()} and ends it. False if there is
     * nothing to write, because the caller left or asked with HEAD.
     */
    public boolean stream(String type) {
        if (answered || response.closed()) {
            return false;
        }
        answered = true;
        response.headers().set(HttpHeaders.CONTENT_TYPE, type);
        if (isHead()) {
            end(Buffer.buffer(0));
            return false;
        }
        response.setChunked(true);
        timed = false;
        return true;
    }

    /** Becomes a WebSocket, and lasts until that is {@link #closed}. */
    Future<ServerWebSocket> upgrade() {
        return request.toWebSocket().onSuccess(socket -> {
            answered = true;
            timed = false;
        });
    }

    /** Where it comes from, for what a bridge puts on the bus; a proxy's certificate vouches for nobody else. */
    public From from(String bridge) {
        boolean direct = client.isEmpty();
        return new From(
                bridge, client.orElse(connection.address()), direct ? connection.certificate() : Optional.empty());
    }

    /** Ends its socket at once, whatever waits for the reader. */
    public void abandon() {
        cut();
    }

    /** Its WebSocket is closed. */
    void closed() {
        over();
    }

    /** Says that it lasts as long as its caller wants, so that this is not counted as the node's latency. */
    public void untimed() {
        timed = false;
    }

    /** The code of the problem that was answered, {@link Outcome#OK} if none was. */
    String code() {
        return code;
    }

    boolean isTimed() {
        return timed;
    }

    boolean isAnswered() {
        return answered;
    }

    /** Ends a streamed answer so that the caller notices that it is not whole. */
    public void abort(Throwable cause) {
        // Callers leave, and are too many, as often as they like; that shall not fill the log.
        boolean ordinary = connection.isGone() || Failure.of(cause).reason() == Reason.BUSY;
        LOG.atLevel(ordinary ? Level.DEBUG : Level.WARN)
                .log("{} {} was cut off: {}", request.method(), request.path(), cause.toString());
        cut();
    }

    /** Ends it at once, and with it the connection, unless others share that. */
    void cut() {
        if (isMultiplexed()) {
            abandon(response.reset(INTERNAL_ERROR));
        } else {
            CallerConnection.cut(request.connection());
        }
    }

    /** Refuses before the body was read; the connection cannot be used again. */
    public void closeAfter() {
        closing = true;
        if (isMultiplexed()) {
            return;
        }
        connection.closeAfter();
        if (!response.headWritten()) {
            response.headers().set(HttpHeaders.CONNECTION, CLOSE);
        }
    }

    /** Ends a streamed answer. */
    public void endStream() {
        endStream(Buffer.buffer(0));
    }

    /** Ends a streamed answer with these bytes. */
    void endStream(Buffer last) {
        end(last);
    }

    /** Ends the answer with these bytes; complete when the system has taken them. */
    private Future<Void> end(Buffer body) {
        if (isMultiplexed()) {
            return endStreamOf(body);
        }
        // A caller that left is told nothing; that is no fault.
        if (closing && !request.isEnded() && !response.headWritten()) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            Future<Void> written = response.write(body);
            abandon(written.compose(sent -> later()).eventually(response::end).eventually(this::close));
            return written;
        }
        Future<Void> written = body.length() == 0 ? response.end() : response.end(body);
        abandon(closing ? written.compose(sent -> later()).eventually(this::close) : written);
        return written;
    }

    /**
     * What the caller still sends when it has the answer falls for a while, as some take no notice of being told to
     * stop; then it is refused, without closing what others share.
     */
    private Future<Void> endStreamOf(Buffer body) {
        Future<Void> written = last.compose(done -> pieces(body, 0))
                .compose(rest -> rest.length() == 0 ? response.end() : response.end(rest));
        abandon(written.compose(sent -> {
            if (closing && connection.isSpare()) {
                return request.connection().close();
            }
            return request.isEnded()
                    ? Future.succeededFuture()
                    : timer(REST_MILLIS).compose(passed -> endRequest());
        }));
        return written;
    }

    private Future<Void> endRequest() {
        return request.isEnded() || response.closed() ? Future.succeededFuture() : response.reset(NO_ERROR);
    }

    /** Writes all but the last piece, each when its reader has taken the one before: by that its pace is known. */
    private Future<Buffer> pieces(Buffer body, int from) {
        int end = from + PIECE_BYTES;
        if (end >= body.length()) {
            return Future.succeededFuture(from == 0 ? body : body.slice(from, body.length()));
        }
        return response.write(body.slice(from, end)).compose(taken -> {
            took.accept(PIECE_BYTES);
            return pieces(body, end);
        });
    }

    /** Writes a piece of a streamed answer, behind those before; complete when its reader has taken it. */
    public Future<Void> write(Buffer bytes) {
        if (!isMultiplexed()) {
            return response.write(bytes);
        }
        last = last.compose(done -> pieces(bytes, 0)).compose(rest -> response.write(rest));
        return last;
    }

    /** Tells how many bytes its reader takes, where the connection itself does not show it. */
    void whenTaken(IntConsumer observer) {
        took = observer;
    }

    /** Until the caller had time to read the answer: closing on bytes that were not read would take it away from it. */
    private Future<Void> later() {
        return request.isEnded() ? Future.succeededFuture() : timer(LINGER_MILLIS);
    }

    private static Future<Void> timer(long millis) {
        return Vertx.currentContext()
                .owner()
                .timer(millis, TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    private Future<Void> close() {
        return request.connection().close();
    }

    private void abandon(Future<Void> written) {
        written.onFailure(cause -> LOG.debug("{} left: {}", request.remoteAddress(), cause.toString()));
    }
}
