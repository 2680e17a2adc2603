package io.qbc.http.routes;

import io.qbc.api.Finder;
import io.qbc.api.Injector;
import io.qbc.api.Problems;
import io.qbc.api.TransactionReader.Reading;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.verbs.TransactionVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.qbc.tracing.TraceContext;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A group of lines of a batch in their order, sent to the pool together, and their answers. */
final class BatchGroup {
    private static final int LINES_MAX = 1000;
    private static final int BYTES_MAX = 1 << 20;
    private static final int ANSWER_BYTES = 96;
    private static final int REFUSAL_BYTES = 320;

    private final TraceContext trace;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    private final SortedMap<String, Long> outcomes = new TreeMap<>();
    private JsonBuffer answers = new JsonBuffer(0);
    private int bytes;
    private int held;
    private boolean done;

    /** One line that was not blank; {@code refused} if it was before it was sent. */
    private record Entry(int line, Optional<Refusal> refused) {}

    /** @param trace of the batch */
    BatchGroup(TraceContext trace) {
        this.trace = trace;
    }

    void submit(int line, Reading reading) {
        entries.add(new Entry(line, Optional.empty()));
        readings.add(reading);
        bytes += reading.submission().transaction().encoded().size();
    }

    void refuse(int line, Refusal refusal) {
        entries.add(new Entry(line, Optional.of(refusal)));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isFull() {
        return entries.size() >= LINES_MAX || bytes >= BYTES_MAX;
    }

    /** About how many bytes its answers will be. */
    int answerBytes() {
        return ANSWER_BYTES * readings.size() + REFUSAL_BYTES * (entries.size() - readings.size());
    }

    /** Remembers what is held for its answers. */
    void hold(int bytes) {
        held = bytes;
    }

    int held() {
        return held;
    }

    boolean isDone() {
        return done;
    }

    /** How many lines were taken in, and how many were refused for which reason. */
    SortedMap<String, Long> outcomes() {
        return outcomes;
    }

    /** Whether checking its transactions would keep others on the event loop waiting. */
    boolean isCostly() {
        return readings.stream().anyMatch(Reading::costly);
    }

    /**
     * Sends it; complete, whatever became of it, when every line has its answer.
     *
     * @param apart present if its transactions are checked off the event loop; tells whether the caller has left
     */
    Future<Void> send(Verbs verbs, Hash chain, Optional<BooleanSupplier> apart) {
        Future<List<Optional<Refusal>>> judged = apart.map(
                        left -> verbs.rules().apart(chain, left, () -> breaches(left)))
                .orElseGet(() -> Future.succeededFuture(breaches(() -> false)));
        return judged.compose(breaches -> inject(verbs.injector(), chain, breaches))
                .otherwise(cause -> declined(verbs.injector(), cause))
                .compose(given -> settle(verbs.finder(), chain, given))
                .onComplete(settled -> done = true);
    }

    private List<Optional<Refusal>> breaches(BooleanSupplier left) {
        return readings.stream().map(reading -> reading.check().breach(left)).toList();
    }

    /** Injects those that break no rule, and gives one admission for each reading. */
    private Future<List<Admission>> inject(Injector injector, Hash chain, List<Optional<Refusal>> breaches) {
        List<Submission> sound = new ArrayList<>(readings.size());
        for (int i = 0; i < readings.size(); i++) {
            breaches.get(i).ifPresent(breach -> injector.refused(new Failure(breach)));
            if (breaches.get(i).isEmpty()) {
                Submission submission = readings.get(i).submission();
                sound.add(trace.isSampled() ? submission.in(trace) : submission);
            }
        }
        Future<List<Admission>> admissions =
                sound.isEmpty() ? Future.succeededFuture(List.of()) : injectAll(injector, chain, sound);
        return admissions.map(given -> {
            if (given.size() == breaches.size()) {
                return given;
            }
            Iterator<Admission> each = given.iterator();
            return breaches.stream()
                    .map(breach -> breach.<Admission>map(Declined::new).orElseGet(each::next))
                    .toList();
        });
    }

    void write(JsonBuffer out) {
        out.raw(answers.toBytes());
    }

    private static Future<List<Admission>> injectAll(Injector injector, Hash chain, List<Submission> sound) {
        return injector.injectAll(chain, sound)
                .otherwise(cause -> Collections.nCopies(sound.size(), new Declined(Failure.of(cause))));
    }

    /** All of it, since it could not be judged. */
    private List<Admission> declined(Injector injector, Throwable cause) {
        readings.forEach(reading -> injector.refused(cause));
        return Collections.nCopies(readings.size(), new Declined(Failure.of(cause)));
    }

    /** Writes the answers, after a look where those are that were here before: they may be in a quant by now. */
    private Future<Void> settle(Finder finder, Hash chain, List<Admission> admissions) {
        List<Future<Located>> located = new ArrayList<>();
        for (Admission admission : admissions) {
            if (admission instanceof Repeated repeated) {
                located.add(finder.find(chain, repeated.id()));
            }
        }
        Future<?> all = located.isEmpty() ? Future.succeededFuture() : Future.join(located);
        return all.<Void>mapEmpty().otherwiseEmpty().onSuccess(done -> answer(admissions, located.iterator()));
    }

    private void answer(List<Admission> admissions, Iterator<Future<Located>> located) {
        answers = new JsonBuffer(ANSWER_BYTES * entries.size());
        Iterator<Admission> each = admissions.iterator();
        for (Entry entry : entries) {
            Admission admission = entry.refused().<Admission>map(Declined::new).orElseGet(each::next);
            if (admission instanceof Declined declined) {
                deny(entry.line(), declined.refusal());
            } else if (admission instanceof Accepted accepted) {
                accept(accepted.id(), "pending");
            } else if (admission instanceof Repeated repeated) {
                Future<Located> place = located.next();
                if (place.succeeded()) {
                    accept(repeated.id(), TransactionVerbs.state(place.result()));
                } else {
                    deny(entry.line(), Failure.of(place.cause()));
                }
            }
        }
    }

    private void accept(Hash id, String state) {
        outcomes.merge(Outcome.OK, 1L, Long::sum);
        answers.raw("{\"id\":").hex(id).raw(",\"state\":\"").raw(state).raw("\"}\n");
    }

    /** Writes a problem as an answer, with the line that it is about. */
    private void deny(int line, Refusal refusal) {
        outcomes.merge(refusal.reason().code(), 1L, Long::sum);
        JsonWriter.object(answers, out -> {
                    Problems.write(out, Problems.status(refusal.reason()), refusal);
                    out.number("line", line);
                })
                .raw("\n");
    }
}
