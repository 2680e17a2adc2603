package io.qbc.http;

import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Repeated;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Some lines of a batch in their order, sent to the pool together, and their answers. */
final class BatchGroup {
    private static final int LINES = 1000;
    private static final int BYTES = 1 << 20;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Submission> submissions = new ArrayList<>();
    /** For each submission the place of its entry. */
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

    void submit(int line, Submission submission) {
        entries.add(new Entry(line));
        submissions.add(submission);
        bytes += submission.transaction().encoded().size();
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

    /** Sends it; complete, whatever became of it, when every line has its answer. */
    Future<Void> send(Finder finder, Injector injector, Hash chain) {
        Future<List<Admission>> admissions =
                submissions.isEmpty() ? Future.succeededFuture(List.of()) : injector.injectAll(chain, submissions);
        return admissions
                .otherwise(cause -> declined(Failure.of(cause)))
                .compose(given -> settle(finder, chain, given))
                .onComplete(settled -> done = true);
    }

    void write(Output out) {
        entries.forEach(entry -> out.raw(entry.answer.toBytes()));
    }

    private List<Admission> declined(Refusal refusal) {
        return submissions.stream()
                .<Admission>map(submission -> new Declined(refusal))
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
