package io.qbc.http;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.http.TransactionReader.Reading;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Some lines of a batch in their order, sent to the pool together, and their answers. */
final class BatchGroup {
    private static final int LINES = 1000;
    private static final int BYTES = 1 << 20;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    /** For each of these the place of its entry. */
    private final List<Integer> sent = new ArrayList<>();

    private int bytes;
    private boolean done;

    /** One line that was not blank, with its answer as far as it is known. */
    private static final class Entry {
        private final int line;
        private Output answer = new Output(160);

        Entry(int line) {
            this.line = line;
        }

        void refuse(Refusal refusal) {
            answer = new Output(256).raw("{");
            Problems.write(answer, Problems.status(refusal.reason()), refusal);
            answer.raw(",\"line\":").number(line).raw("}\n");
        }

        void accept(Hash id, String state) {
            answer.raw("{\"id\":").hex(id).raw(",\"state\":\"").raw(state).raw("\"}\n");
        }
    }

    void submit(int line, Reading reading) {
        entries.add(new Entry(line));
        readings.add(reading);
        bytes += reading.submission().transaction().encoded().size();
        sent.add(entries.size() - 1);
    }

    void refuse(int line, Refusal refusal) {
        Entry entry = new Entry(line);
        entry.refuse(refusal);
        entries.add(entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isFull() {
        return entries.size() >= LINES || bytes >= BYTES;
    }

    boolean isDone() {
        return done;
    }

    /** Whether checking its transactions would keep others on the event loop waiting. */
    boolean isCostly() {
        return readings.stream().anyMatch(Reading::costly);
    }

    /**
     * Sends it; complete, whatever became of it, when every line has its answer.
     *
     * @param apart whether its transactions are checked off the event loop
     */
    Future<Void> send(BatchExchange.Stage stage, Hash chain, boolean apart) {
        Future<List<Optional<Refusal>>> judged =
                apart ? stage.rules().apart(this::breaches) : Future.succeededFuture(breaches());
        return judged.compose(breaches -> inject(stage.injector(), chain, breaches))
                .otherwise(cause -> declined(Failure.of(cause)))
                .compose(given -> settle(stage.finder(), chain, given))
                .onComplete(settled -> done = true);
    }

    private List<Optional<Refusal>> breaches() {
        return readings.stream().map(reading -> reading.check().get()).toList();
    }

    /** Injects those that break no rule, and gives one admission for each reading. */
    private Future<List<Admission>> inject(Injector injector, Hash chain, List<Optional<Refusal>> breaches) {
        List<Submission> sound = new ArrayList<>(readings.size());
        for (int i = 0; i < readings.size(); i++) {
            if (breaches.get(i).isEmpty()) {
                sound.add(readings.get(i).submission());
            }
        }
        Future<List<Admission>> admissions =
                sound.isEmpty() ? Future.succeededFuture(List.of()) : injector.injectAll(chain, sound);
        return admissions.map(given -> {
            Iterator<Admission> each = given.iterator();
            return breaches.stream()
                    .map(breach -> breach.<Admission>map(Declined::new).orElseGet(each::next))
                    .toList();
        });
    }

    void write(Output out) {
        entries.forEach(entry -> out.raw(entry.answer.toBytes()));
    }

    private List<Admission> declined(Refusal refusal) {
        return readings.stream()
                .<Admission>map(reading -> new Declined(refusal))
                .toList();
    }

    private Future<Void> settle(Finder finder, Hash chain, List<Admission> admissions) {
        List<Future<Void>> open = new ArrayList<>();
        for (int i = 0; i < admissions.size(); i++) {
            Entry entry = entries.get(sent.get(i));
            Admission admission = admissions.get(i);
            if (admission instanceof Declined declined) {
                entry.refuse(declined.refusal());
            } else if (admission instanceof Accepted accepted) {
                entry.accept(accepted.id(), "pending");
            } else if (admission instanceof Repeated repeated) {
                open.add(locate(finder, chain, repeated.id(), entry));
            }
        }
        return open.isEmpty() ? Future.succeededFuture() : Future.all(open).mapEmpty();
    }

    /** One that was here before may be in a quant by now. */
    private static Future<Void> locate(Finder finder, Hash chain, Hash id, Entry entry) {
        return finder.find(chain, id)
                .onSuccess(located -> entry.accept(id, TransactionVerbs.state(located)))
                .onFailure(cause -> entry.refuse(Failure.of(cause)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
