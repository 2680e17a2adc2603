package io.qbc.sim;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.announce.Announcer;
import io.qbc.protocol.announce.Doorkeeper;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.peer.Acquaintance;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.Means;
import io.qbc.protocol.sync.CatchUps;
import io.qbc.protocol.sync.SyncRun.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How one life of a node talks: the product's own machines, told what the simulated wires bring. */
final class Voice implements CatchUps.Witness {
    private static final long PATIENCE = 3000;
    private static final int IDS = 20;
    private static final long WINDOW = 4096;

    private final World world;
    private final SimNode node;
    private final HeadList heads;
    private final Circle circle;
    private final CatchUps catchUps;
    private final Announcer announcer;
    private final Doorkeeper doorkeeper;
    private final SimHands hands;
    private final Map<Long, Call> calls = new HashMap<>();
    private long numbers;

    Voice(World world, SimNode node) {
        this.world = world;
        this.node = node;
        Means means = new Means(node::millis, world.random()::nextDouble, new Backoff(200, 4000), IDS, WINDOW, true);
        heads = new HeadList(1 + world.random().nextInt(Integer.MAX_VALUE), listing -> true);
        circle = new Circle(world.size(), node.index());
        catchUps = new CatchUps(means, heads, circle, this);
        announcer = new Announcer(means, heads, circle, catchUps, peer -> {});
        doorkeeper = new Doorkeeper(means, heads, announcer, List::of);
        hands = new SimHands(world, node, this);
    }

    private record Call(Bytes peer, Errand<?> errand, Consumer<Outcome<?>> then) {}

    /** Takes up the talk with all others. */
    void begin() {
        refresh();
        circle.all().forEach(peer -> hands.begin(announcer.joined(peer)));
        hands.begin(announcer.askHeads());
    }

    /** What is done now and then: heads are asked for, also those of nodes that were away. */
    void beat() {
        refresh();
        hands.begin(announcer.askHeads());
        circle.away().forEach(this::greet);
    }

    private void greet(Acquaintance peer) {
        Task<Step> greeting = Task.of(new Want.Call<>(peer.key(), Errand.HEAD, new AskStatus(peer.mark())))
                .end(answered -> answered.fold(
                        status -> announcer.heard(peer, status).and(announcer.joined(peer)), fault -> Step.NONE));
        hands.begin(Step.of(greeting));
    }

    void refresh() {
        node.posts().stream().filter(post -> !post.withheld()).forEach(this::put);
    }

    private void put(Post post) {
        heads.put(new Listing(post.claim(), post.track().spec().name()));
    }

    /** A chain is here that was not before. */
    void opened(Post post) {
        put(post);
        Hash chain = post.track().id();
        hands.begin(catchUps.opened(chain).and(announcer.opened(chain)));
    }

    /** A quant came whose parent is not here. */
    void orphaned() {
        hands.begin(announcer.askHeads());
    }

    void admitted(Post post) {
        hands.begin(announcer.admitted(post.track().id()));
    }

    void headMoved(Post post, int undone) {
        if (!post.withheld()) {
            put(post);
            hands.begin(announcer.headMoved(post.claim(), undone));
        }
    }

    @Override
    public void ended(Acquaintance peer, Ending how, boolean lied) {
        world.mark(how instanceof Ending.Ended ? Mark.CAUGHT_UP : Mark.BROKE_OFF);
    }

    @Override
    public void following(Acquaintance peer, Claim claim) {
        world.note(node.index() + " follows " + peer.key().text());
    }

    void call(Want.Call<?> call, Consumer<Outcome<?>> then) {
        long number = ++numbers;
        calls.put(number, new Call(call.peer(), call.errand(), then));
        send(Circle.index(call.peer()), new Mail.Request(number, call.errand(), call.message()));
        world.schedule().in(PATIENCE, "late", node.later(() -> {
            if (calls.containsKey(number)) {
                circle.unanswered(call.peer()).ifPresent(announcer::left);
                finish(number, new Outcome.Failed<>(Fault.peer(Fault.Kind.SILENT, "no answer in time")));
            }
        }));
    }

    void receive(int from, Mail mail) {
        if (mail instanceof Mail.Request request) {
            hands.carry(
                    doorkeeper.answer(request.errand(), request.message()),
                    outcome -> send(
                            from,
                            new Mail.Answer(
                                    request.number(), outcome.fold(answer -> answer, fault -> Optional.empty()))));
        } else if (mail instanceof Mail.Answer answer) {
            answered(answer);
        }
    }

    private void answered(Mail.Answer answer) {
        Call call = calls.get(answer.number());
        if (call == null) {
            return;
        }
        circle.answered(call.peer());
        Optional<Message> message = answer.message().filter(call.errand().answer()::isInstance);
        finish(
                answer.number(),
                message.<Outcome<?>>map(Outcome.Came::new)
                        .orElseGet(() -> new Outcome.Failed<>(Fault.peer(Fault.Kind.DECLINED, "declined"))));
    }

    private void finish(long number, Outcome<?> outcome) {
        calls.remove(number).then().accept(outcome);
    }

    private void send(int to, Mail mail) {
        world.net().send(node, world.nodes().get(to), mail);
    }
}
