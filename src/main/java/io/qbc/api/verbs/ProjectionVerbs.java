package io.qbc.api.verbs;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Role;
import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DropProjection;
import io.qbc.bus.Catalogue.FindDead;
import io.qbc.bus.Catalogue.FindProjection;
import io.qbc.bus.Catalogue.FindProjections;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.Projections;
import io.qbc.bus.Catalogue.PutProjection;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Catalogue.SteerProjection;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The verbs about projections: what there is, how it fares, and what an operator does with it. */
public final class ProjectionVerbs {
    private static final int DEAD_ROWS = 100;
    private static final int DEAD_ROWS_MAX = 1000;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private final Bus bus;
    private final ChainDirectory chains;

    ProjectionVerbs(Bus bus, ChainDirectory chains) {
        this.bus = bus;
        this.chains = chains;
    }

    /**
     * From where on tables are read.
     *
     * @param at the leaf or the transaction that they must have
     * @param patience how long to wait for that
     */
    public record Since(Optional<ReadPoint> at, Duration patience) {
        /** A leaf is a number, a transaction 64 hexadecimal digits. */
        public static Since of(Optional<String> at, Duration patience) {
            return new Since(at.map(Since::point), patience);
        }

        private static ReadPoint point(String text) {
            return DIGITS.matcher(text).matches()
                    ? new ReadPoint.Leaf(Long.parseLong(text))
                    : new ReadPoint.OfTransaction(Hash.parse(text)
                            .orElseThrow(() -> new Failure(
                                    Reason.REQUEST_INVALID, "at must be a leaf index or the id of a transaction")));
        }
    }

    /** Makes a projection, or gives it another mapping: 201 or 200. */
    public Future<Answer> put(String name, Bytes mapping) {
        return bus.ask(Catalogue.PUT_PROJECTION, new PutProjection(name, mapping))
                .map(put ->
                        Answer.object(put.created() ? 201 : 200, out -> ProjectionForm.write(out, put.state(), true)));
    }

    /** All of them, for the metrics; none while the stage that has them does not answer. */
    public Future<Projections> all() {
        return bus.ask(Catalogue.FIND_PROJECTIONS, new FindProjections()).otherwise(new Projections(List.of()));
    }

    /** All projections of chains that the caller may read. */
    public Future<Answer> list(Caller caller) {
        return bus.ask(Catalogue.FIND_PROJECTIONS, new FindProjections()).map(found -> {
            List<ProjectionState> own = found.projections().stream()
                    .filter(state -> mayRead(caller, state))
                    .toList();
            boolean whole = isAdmin(caller);
            return Answer.object(
                    200,
                    out -> out.objects(
                            "projections", own, (members, state) -> ProjectionForm.write(members, state, whole)));
        });
    }

    /** One projection, when it has come as far as wanted. */
    public Future<Answer> find(Caller caller, String name, Since since) {
        return known(caller, name)
                .compose(known -> since.at().isEmpty()
                        ? Future.succeededFuture(known)
                        : bus.ask(Catalogue.FIND_PROJECTION, new FindProjection(name, since.at(), since.patience())))
                .map(state -> Answer.object(200, out -> ProjectionForm.write(out, state, isAdmin(caller))));
    }

    /**
     * Ends a projection.
     *
     * @param tables whether tables outside of the data directory go too
     */
    public Future<Answer> drop(String name, boolean tables) {
        return bus.ask(Catalogue.DROP_PROJECTION, new DropProjection(name, tables))
                .map(dropped -> Answer.object(200, out -> out.text("name", dropped.name())));
    }

    /** What an admin does with a projection; it goes on after the answer. */
    public Future<Answer> steer(String name, ProjectionAction action) {
        return bus.ask(Catalogue.STEER_PROJECTION, new SteerProjection(name, action))
                .map(state -> Answer.object(202, out -> ProjectionForm.write(out, state, true)));
    }

    /** Compares the tables with the chain, which is for auditors of it; how far that is, the projection tells. */
    public Future<Answer> verify(Caller caller, String name, ProjectionAction action) {
        return known(caller, name)
                .compose(known -> {
                    if (!caller.may(Role.AUDITOR, known.chainName(), chains::same)) {
                        throw new Failure(
                                Reason.ROLE_MISSING, "this needs the role auditor for the chain " + known.chainName());
                    }
                    return bus.ask(Catalogue.STEER_PROJECTION, new SteerProjection(name, action));
                })
                .map(state -> Answer.object(202, out -> ProjectionForm.write(out, state, isAdmin(caller))));
    }

    /** What was kept aside, from a leaf on. */
    public Future<Answer> dead(Caller caller, String name, OptionalLong after, OptionalLong limit) {
        int most = (int) Math.min(limit.orElse(DEAD_ROWS), DEAD_ROWS_MAX);
        if (most == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        return known(caller, name)
                .compose(known -> bus.ask(Catalogue.FIND_DEAD, new FindDead(name, after.orElse(0), most + 1)))
                .map(found -> {
                    boolean more = found.dead().size() > most;
                    OptionalLong next =
                            more ? OptionalLong.of(found.dead().get(most).leaf()) : OptionalLong.empty();
                    return Answer.object(
                            200,
                            out -> out.objects(
                                            "dead",
                                            more ? found.dead().subList(0, most) : found.dead(),
                                            ProjectionForm::dead)
                                    .number("next", next));
                });
    }

    /** A projection of a chain that the caller may read; of another one it is not told that there is one. */
    Future<ProjectionState> known(Caller caller, String name) {
        return bus.ask(Catalogue.FIND_PROJECTION, new FindProjection(name))
                .map(state -> {
                    if (!mayRead(caller, state)) {
                        throw new Failure(Reason.PROJECTION_UNKNOWN, "there is no projection of this name");
                    }
                    return state;
                })
                .recover(cause -> Future.failedFuture(
                        Failure.of(cause).reason() == Reason.PROJECTION_UNKNOWN
                                ? new Failure(Reason.PROJECTION_UNKNOWN, "there is no projection of this name")
                                : cause));
    }

    private boolean mayRead(Caller caller, ProjectionState state) {
        return AccessRules.mayRead(caller, state.chainName(), chains::same);
    }

    private static boolean isAdmin(Caller caller) {
        return caller.mayEverywhere(Role.ADMIN);
    }
}
