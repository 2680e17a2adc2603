package io.qbc.api;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Accepted;
import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.Inject;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batcher of injects: sends to the pool those of one event loop turn and one chain together, some at a time. */
public final class Injector {
    /** The store begins with these while the rest of the turn is still read. */
    private static final int TOGETHER_MAX = 16;

    private final Bus bus;
    private final Context context;
    private final Meters meters;
    private Map<Target, Group> groups = new LinkedHashMap<>();

    private record Target(Hash chain, Origin origin) {}

    private record Group(List<Submission> submissions, List<Promise<Admission>> promises) {}

    /** A batcher for the callers of one event loop. */
    public Injector(Bus bus, Context context, Meters meters) {
        this.bus = bus;
        this.context = context;
        this.meters = meters;
    }

    /** Gives what became of one transaction, once it is durable or refused. */
    public Future<Admission> inject(Hash chain, Submission submission, Origin origin) {
        if (groups.isEmpty()) {
            context.runOnContext(turn -> flush());
        }
        Target target = new Target(chain, origin);
        Group group = groups.computeIfAbsent(target, first -> new Group(new ArrayList<>(), new ArrayList<>()));
        Promise<Admission> promise = Promise.promise();
        group.submissions().add(submission);
        group.promises().add(promise);
        if (group.submissions().size() == TOGETHER_MAX) {
            groups.remove(target);
            send(target, group);
        }
        return promise.future();
    }

    /** Sends a batch at once and gives one admission for each, in order. */
    public Future<List<Admission>> injectAll(Hash chain, List<Submission> submissions) {
        return bus.ask(Catalogue.INJECT, new Inject(chain, submissions, Origin.CLIENT))
                .map(Injected::admissions)
                .onSuccess(admissions -> admissions.forEach(this::count))
                .onFailure(cause -> submissions.forEach(each -> refused(cause)));
    }

    /** Counts one that is refused before it comes here, by the cause. */
    public void refused(Throwable cause) {
        count(new Declined(Failure.of(cause)));
    }

    private void flush() {
        Map<Target, Group> now = groups;
        groups = new LinkedHashMap<>();
        now.forEach(this::send);
    }

    private void send(Target target, Group group) {
        bus.ask(Catalogue.INJECT, new Inject(target.chain(), group.submissions(), target.origin()))
                .onSuccess(injected -> complete(group, injected))
                .onFailure(cause -> fail(group, cause));
    }

    private void complete(Group group, Injected injected) {
        for (int i = 0; i < group.promises().size(); i++) {
            Admission admission = injected.admissions().get(i);
            count(admission);
            group.promises().get(i).complete(admission);
        }
    }

    private void fail(Group group, Throwable cause) {
        group.promises().forEach(promise -> {
            refused(cause);
            promise.fail(cause);
        });
    }

    private void count(Admission admission) {
        if (admission instanceof Accepted) {
            meters.accepted().increment();
        } else if (admission instanceof Declined declined) {
            meters.declined(declined.refusal().reason()).increment();
        } else {
            meters.repeated().increment();
        }
    }
}
