package io.qbc.client;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.BatchResult;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.answer.QbcException;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One part of a batch: what has an answer is settled, and what may succeed later is sent again. */
final class BatchCall {
    private final Transport.Batches batches;
    private final ApiRequest inject;
    /** What has no answer for good yet, by its place. */
    private final Map<Integer, Bytes> pending = new TreeMap<>();

    private final BatchResult[] results;

    BatchCall(Transport.Batches batches, ApiRequest inject, List<Bytes> lines) {
        this.batches = batches;
        this.inject = inject;
        this.results = new BatchResult[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            pending.put(i, lines.get(i));
        }
    }

    /** One try; fails as long as something is left. */
    Future<Void> send(int node, long millis) {
        List<Integer> places = List.copyOf(pending.keySet());
        return batches.send(node, inject, List.copyOf(pending.values()), millis).map(answers -> {
            QbcException last = null;
            for (int i = 0; i < Math.min(places.size(), answers.size()); i++) {
                AnswerReader answer = AnswerReader.of(answers.get(i));
                if (answer.optionalText("code").isEmpty()) {
                    settle(places.get(i), new BatchResult.Taken(InjectResult.of(answer)));
                    continue;
                }
                int status = (int) answer.number("status");
                QbcException refused = new QbcException(QbcException.problem(status, answer));
                if (TryFailure.refused(status, Bytes.EMPTY, 0).isPassing()) {
                    last = refused;
                } else {
                    settle(places.get(i), new BatchResult.Refused(refused));
                }
            }
            if (!pending.isEmpty()) {
                throw TryFailure.left(last == null ? cutShort() : last);
            }
            return null;
        });
    }

    /** The results, once no more is tried: what is left failed for this cause. */
    List<BatchResult> results(QbcException cause) {
        List.copyOf(pending.keySet()).forEach(place -> settle(place, new BatchResult.Refused(cause)));
        return results();
    }

    List<BatchResult> results() {
        return new ArrayList<>(List.of(results));
    }

    private void settle(int place, BatchResult result) {
        results[place] = result;
        pending.remove(place);
    }

    private static QbcException cutShort() {
        return QbcException.own(
                QbcException.UNREACHABLE, "No node answers", "the node stopped before it had answered the whole batch");
    }
}
