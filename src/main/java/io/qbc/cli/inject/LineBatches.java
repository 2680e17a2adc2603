package io.qbc.cli.inject;

import io.qbc.cli.NodeUrl;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.Reply;
import io.qbc.model.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lines as transactions, sent in batches small enough that no answer waits for its reader. */
final class LineBatches {
    private static final int BATCH_LINES = 500;
    private static final int BATCH_CHARS = 1 << 20;

    private final Call call;
    private final Optional<Author> author;
    private final String type;
    private final Optional<String> once;
    private final boolean text;
    /** Which lines the bodies of the batch under way are. */
    private final List<Long> numbers = new ArrayList<>();

    private final List<Bytes> bodies = new ArrayList<>();
    private int chars;
    private long taken;
    private ExitCode worst = ExitCode.DONE;

    LineBatches(Call call, Optional<Author> author, String type, Optional<String> once, boolean text) {
        this.call = call;
        this.author = author;
        this.type = type;
        this.once = once;
        this.text = text;
    }

    /** Sends all lines but blank ones; the exit code is that of the last line that failed. */
    ExitCode send(String source) {
        try (BufferedReader lines = DataSource.lines(source, call.context().in())) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    add(number, line);
                }
                if (numbers.size() == BATCH_LINES || chars >= BATCH_CHARS) {
                    flush();
                }
            }
            flush();
        } catch (IOException e) {
            throw DataSource.unreadable(source, e);
        }
        if (!call.json()) {
            call.note(taken + (taken == 1 ? " transaction" : " transactions") + " taken");
        }
        return worst;
    }

    private void add(long number, String line) {
        try {
            Optional<String> key = once.map(prefix -> prefix + "-" + number);
            String body = new Submission(DataSource.data(text ? line : line.strip(), text), type, key).body(author);
            bodies.add(Bytes.utf8(body));
            chars += body.length();
            numbers.add(number);
        } catch (CallFailure failure) {
            failed(number, failure);
        }
    }

    private void flush() {
        if (numbers.isEmpty()) {
            return;
        }
        Reply reply = call.client().inject(call.chain(), bodies).granted();
        call.shown(reply);
        List<String> answers =
                reply.body().lines().filter(line -> !line.isBlank()).toList();
        for (int i = 0; i < Math.min(answers.size(), numbers.size()); i++) {
            answered(numbers.get(i), answers.get(i));
        }
        if (answers.size() < numbers.size()) {
            throw new CallFailure(
                    ExitCode.BUSY,
                    "the node stopped before line " + numbers.get(answers.size())
                            + ", which was not taken, nor those after it; try again from there");
        }
        numbers.clear();
        bodies.clear();
        chars = 0;
    }

    private void answered(long number, String line) {
        AnswerTree answer = AnswerTree.of(line);
        if (answer.text("code").isEmpty()) {
            taken++;
            if (!call.json()) {
                call.say(Submission.said(answer));
            }
        } else {
            failed(number, Reply.problem(line, (int) answer.number("status"), NodeUrl.FLAG));
        }
    }

    private void failed(long number, CallFailure failure) {
        call.note("line " + number + ": " + failure.getMessage());
        worst = failure.code();
    }
}
