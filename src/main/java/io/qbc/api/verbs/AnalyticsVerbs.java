package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Analytics;
import io.qbc.bus.Catalogue.AnalyticsPoint;
import io.qbc.bus.Catalogue.AnalyticsSeries;
import io.qbc.bus.Catalogue.FindAnalytics;
import io.qbc.bus.Catalogue.FindRollup;
import io.qbc.bus.Catalogue.RollupState;
import io.qbc.bus.Failure;
import io.qbc.config.Span;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.Grain;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** The verb that shows what came to a chain over time. */
public final class AnalyticsVerbs {
    private static final String STEP =
            "step must be minute, hour, day, or a duration of whole minutes like 15m, at most 366d";

    private static final long POINTS_MAX = 2000;
    /** Of spans from whose tallies the steps are made. */
    private static final long SPANS_MAX = 50_000;

    private static final Duration RANGE_DEFAULT = Duration.ofDays(1);
    private static final Duration MINUTES_MAX = Duration.ofHours(6);
    private static final Duration HOURS_MAX = Duration.ofDays(14);
    /** Years 1 to 9999, so that every time can be written with four digits. */
    private static final long TIME_MIN = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

    private static final long TIME_MAX = Instant.parse("9998-12-31T00:00:00Z").toEpochMilli();
    private static final int DIGITS_MAX = 15;

    private final Bus bus;
    private final ChainDirectory chains;
    private final InstantSource clock;

    AnalyticsVerbs(Bus bus, ChainDirectory chains, InstantSource clock) {
        this.bus = bus;
        this.chains = chains;
        this.clock = clock;
    }

    /** What a caller asks for, as it wrote it. */
    public record Wanted(Optional<String> from, Optional<String> to, Optional<String> step, Optional<String> by) {}

    /** Figures of a chain; those of a range that is asked for, and may be written in two forms. */
    public record Figures(TimeGrid grid, Breakdown by, Analytics found) {
        private static final String HEAD = "time,series,kind,transactions,bytes,quants,waitP50Millis,waitP99Millis,"
                + "waitMillis,finalityP50Millis,finalityP99Millis\r\n";
        private static final String FORMULA_STARTS = "=+-@\t\r";

        /** In JSON, a list of each figure's values in the order of time. */
        public Answer answer() {
            List<String> times = times();
            return Answer.object(
                    200,
                    out -> out.text("from", time(grid.from()))
                            .text("to", time(grid.to()))
                            .text("step", step(grid.step()))
                            .text("by", by.word())
                            .number("height", found.height())
                            .objects("series", found.series(), (members, series) -> members(members, series, times)));
        }

        /** As a table of RFC 4180, for programs that calculate. */
        public Bytes csv() {
            List<String> times = times();
            StringBuilder out = new StringBuilder(HEAD);
            for (AnalyticsSeries series : found.series()) {
                String name = cell(name(series)) + ',' + kind(series);
                for (int i = 0; i < times.size(); i++) {
                    AnalyticsPoint point = series.points().get(i);
                    out.append(times.get(i)).append(',').append(name);
                    out.append(',').append(point.transactions());
                    out.append(',').append(point.bytes());
                    out.append(',').append(point.quants());
                    out.append(',').append(text(point.waitP50Millis()));
                    out.append(',').append(text(point.waitP99Millis()));
                    out.append(',').append(point.waitMillis());
                    out.append(',').append(text(point.finalityP50Millis()));
                    out.append(',').append(text(point.finalityP99Millis())).append("\r\n");
                }
            }
            return Bytes.utf8(out.toString());
        }

        private List<String> times() {
            return IntStream.range(0, Math.toIntExact(grid.points()))
                    .mapToObj(index -> time(grid.time(index)))
                    .toList();
        }

        private void members(JsonWriter out, AnalyticsSeries series, List<String> times) {
            out.text("name", name(series));
            out.text("kind", kind(series));
            out.texts("times", times);
            numbers(out, "transactions", series, AnalyticsPoint::transactions);
            numbers(out, "bytes", series, AnalyticsPoint::bytes);
            numbers(out, "quants", series, AnalyticsPoint::quants);
            optional(out, "waitP50Millis", series, AnalyticsPoint::waitP50Millis);
            optional(out, "waitP99Millis", series, AnalyticsPoint::waitP99Millis);
            numbers(out, "waitMillis", series, AnalyticsPoint::waitMillis);
            optional(out, "finalityP50Millis", series, AnalyticsPoint::finalityP50Millis);
            optional(out, "finalityP99Millis", series, AnalyticsPoint::finalityP99Millis);
        }

        private static void numbers(
                JsonWriter out, String name, AnalyticsSeries series, ToLongFunction<AnalyticsPoint> value) {
            optional(out, name, series, point -> OptionalLong.of(value.applyAsLong(point)));
        }

        private static void optional(
                JsonWriter out, String name, AnalyticsSeries series, Function<AnalyticsPoint, OptionalLong> value) {
            out.numbers(name, series.points().stream().map(value));
        }

        /** A type as it is, an author's key in digits, and both empty for transactions without one. */
        private String name(AnalyticsSeries series) {
            return series.name()
                    .map(name -> by == Breakdown.AUTHOR ? name.hex() : name.text())
                    .orElse(kind(series));
        }

        private String kind(AnalyticsSeries series) {
            return series.name().isPresent() ? "value" : by == Breakdown.NONE ? "all" : "other";
        }

        /** Quoted if need be; what a program might take for a formula is marked as text. */
        private static String cell(String text) {
            boolean formula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
            String plain = formula ? "'" + text : text;
            boolean quoted = plain.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ');
            return quoted ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
        }

        private static String text(OptionalLong value) {
            return value.isPresent() ? Long.toString(value.getAsLong()) : "";
        }

        private static String time(long millis) {
            return Instant.ofEpochMilli(millis).toString();
        }

        private static String step(long millis) {
            return Optional.of(Grain.of(millis))
                    .filter(grain -> grain.millis() == millis)
                    .map(Grain::word)
                    .orElseGet(() -> Duration.ofMillis(millis).toString());
        }
    }

    public Future<Figures> find(String chain, Wanted wanted) {
        Breakdown by = wanted.by()
                .map(word -> Breakdown.of(word)
                        .orElseThrow(() -> invalid("by must be one of " + String.join(", ", Breakdown.words()))))
                .orElse(Breakdown.NONE);
        TimeGrid grid = grid(wanted);
        return chains.find(chain)
                .compose(known -> bus.ask(Catalogue.FIND_ANALYTICS, new FindAnalytics(known.id(), grid, by)))
                .map(found -> new Figures(grid, by, found));
    }

    /** How far the figures of all chains are behind; not at all while the stage that has them does not answer. */
    public Future<RollupState> state() {
        return bus.ask(Catalogue.FIND_ROLLUP, new FindRollup()).otherwise(new RollupState(0));
    }

    private TimeGrid grid(Wanted wanted) {
        long to = wanted.to().map(text -> time("to", text)).orElseGet(clock::millis);
        long from = wanted.from().map(text -> time("from", text)).orElse(to - RANGE_DEFAULT.toMillis());
        if (from >= to) {
            throw invalid("from must be before to");
        }
        long step = wanted.step().map(AnalyticsVerbs::step).orElseGet(() -> step(to - from));
        TimeGrid grid = TimeGrid.around(from, to, step);
        long spans = grid.endSpan() - grid.firstSpan();
        if (grid.points() > POINTS_MAX || spans > SPANS_MAX) {
            throw new Failure(
                    Reason.RANGE_TOO_LARGE,
                    "the range has " + grid.points() + " steps, made of " + spans + " minutes, hours or days; at most "
                            + POINTS_MAX + " of " + SPANS_MAX + " are shown at once");
        }
        return grid;
    }

    private static long step(long range) {
        Grain grain =
                range <= MINUTES_MAX.toMillis() ? Grain.MINUTE : range <= HOURS_MAX.toMillis() ? Grain.HOUR : Grain.DAY;
        return grain.millis();
    }

    private static long step(String text) {
        Optional<Grain> grain = Grain.of(text);
        if (grain.isPresent()) {
            return grain.get().millis();
        }
        return Span.positive(text)
                .filter(step -> step.equals(Duration.ofMinutes(step.toMinutes())) && step.toDays() <= 366)
                .map(Duration::toMillis)
                .orElseThrow(() -> invalid(STEP));
    }

    /** A time as callers give it, in milliseconds since 1970. */
    static long time(String name, String text) {
        long time;
        try {
            boolean number = text.length() <= DIGITS_MAX
                    && !text.isEmpty()
                    && text.chars().allMatch(Character::isDigit);
            time = number ? Long.parseLong(text) : Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw invalid(name + " must be a time like 2026-11-28T08:00:00Z, or milliseconds since 1970");
        }
        if (time < TIME_MIN || time > TIME_MAX) {
            throw invalid(name + " must be in the years 1 to 9998");
        }
        return time;
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
