package io.qbc.sim;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.announce.Announcer;
import io.qbc.protocol.announce.RequestHandler;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.peer.ProtocolContext.Pace;
import io.qbc.protocol.sync.CatchUps;
import io.qbc.protocol.sync.SyncRun.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The gossip of one run of a node: the product's own state machines, fed by the simulated network. */
final class SimGossip implements CatchUps.Listener {
    private static final long CALL_TIMEOUT_MILLIS = 3000;
    private static final Pace PACE = new Pace(CALL_TIMEOUT_MILLIS, 10 * CALL_TIMEOUT_MILLIS, 1);
    private static final int BATCH_IDS = 20;
    private static final long WINDOW_BYTES = 4096;

    private final World world;
    private final SimNode node;
    private final HeadList heads;
    private final SimPeers simPeers;
    private final CatchUps catchUps;
    private final Announcer announcer;
    private final RequestHandler requestHandler;
    private final SimEffects effects;
    private final Map<Long, Call> calls = new HashMap<>();
    private long numbers;

    SimGossip(World world, SimNode node) {
        this.world = world;
        this.node = node;
        ProtocolContext protocolContext = new ProtocolContext(
                node::millis, world.random()::nextDouble, new Backoff(200, 4000), BATCH_IDS, WINDOW_BYTES, true, PACE);
        heads = new HeadList(1 + world.random().nextInt(Integer.MAX_VALUE), listing -> true);
        simPeers = new SimPeers(world.size(), node.index());
        catchUps = new CatchUps(protocolContext, heads, simPeers, this);
        announcer = new Announcer(protocolContext, heads, simPeers, catchUps, peer -> {});
        requestHandler = new RequestHandler(protocolContext, heads, announcer, List::of);
        effects = new SimEffects(world, node, this);
    }

    private record Call(Bytes peer, PeerMethod<?, ?> method, Consumer<Outcome<?>> then) {}

    /** Starts the protocol with all others. */
    void begin() {
        refresh();
        simPeers.all().forEach(peer -> effects.begin(announcer.joined(peer)));
        effects.begin(announcer.askHeads());
    }

    /** What is done now and then: heads are asked for, also those of nodes that were away. */
    void beat() {
        refresh();
        effects.begin(announcer.askHeads());
        simPeers.away().forEach(this::askStatus);
    }

    private void askStatus(PeerState peer) {
        Flow<Effects> asking = Flow.of(new Effect.Call<>(peer.key(), PeerMethod.HEAD, new AskStatus(peer.mark())))
                .end(answered -> answered.fold(
                        status -> announcer.statusReceived(peer, status).and(announcer.joined(peer)),
                        fault -> Effects.NONE));
        effects.begin(Effects.of(asking));
    }

    void refresh() {
        node.simChains().stream().filter(simChain -> !simChain.withheld()).forEach(this::put);
    }

    private void put(SimChain simChain) {
        heads.put(new Listing(simChain.claim(), simChain.track().spec().name()));
    }

    /** A chain is here that was not before. */
    void opened(SimChain simChain) {
        put(simChain);
        Hash chain = simChain.track().id();
        effects.begin(catchUps.opened(chain).and(announcer.opened(chain)));
    }

    /** Whether a live peer has more of a chain than is here; nothing if none has it. */
    Optional<Boolean> ahead(Hash chain) {
        List<Boolean> more = simPeers.live().stream()
                .flatMap(peer -> peer.claim(chain).stream().map(claim -> catchUps.ahead(peer, claim)))
                .toList();
        return more.isEmpty() ? Optional.empty() : Optional.of(more.contains(true));
    }

    /** A quant came whose parent is not here. */
    void orphaned() {
        effects.begin(announcer.askHeads());
    }

    void admitted(SimChain simChain) {
        effects.begin(announcer.admitted(simChain.track().id()));
    }

    void headMoved(SimChain simChain, int undone) {
        if (!simChain.withheld()) {
            put(simChain);
            effects.begin(announcer.headMoved(simChain.claim(), undone));
        }
    }

    @Override
    public void ended(PeerState peer, Ending how, boolean lied) {
        world.mark(how instanceof Ending.Ended ? Mark.CAUGHT_UP : Mark.BROKE_OFF);
    }

    @Override
    public void following(PeerState peer, Claim claim) {
        world.note(node.index() + " follows " + peer.key().text());
    }

    <Q extends Message, A extends Message> void call(Effect.Call<Q, A> call, Consumer<Outcome<?>> then) {
        long number = ++numbers;
        calls.put(number, new Call(call.peer(), call.method(), then));
        send(SimPeers.index(call.peer()), new Packet.Request<>(number, call.method(), call.request()));
        world.schedule().in(CALL_TIMEOUT_MILLIS, "late", node.later(() -> {
            if (calls.containsKey(number)) {
                simPeers.unanswered(call.peer()).ifPresent(announcer::left);
                finish(number, new Outcome.Failed<>(Fault.peer(Fault.Kind.SILENT, "no answer in time")));
            }
        }));
    }

    void receive(int from, Packet packet) {
        if (packet instanceof Packet.Request<?, ?> request) {
            answer(from, request);
        } else if (packet instanceof Packet.Answer answer) {
            answered(answer);
        }
    }

    private <Q extends Message, A extends Message> void answer(int from, Packet.Request<Q, A> request) {
        effects.run(requestHandler.answer(request.method(), request.message(), "node " + from), outcome -> {
            Optional<Message> answer = outcome.fold(given -> given.map(Message.class::cast), fault -> Optional.empty());
            send(from, new Packet.Answer(request.number(), answer));
        });
    }

    private void answered(Packet.Answer answer) {
        Call call = calls.get(answer.number());
        if (call == null) {
            return;
        }
        simPeers.answered(call.peer());
        Optional<Message> message =
                answer.message().filter(call.method().answer().type()::isInstance);
        finish(
                answer.number(),
                message.<Outcome<?>>map(Outcome.Succeeded::new)
                        .orElseGet(() -> new Outcome.Failed<>(Fault.peer(Fault.Kind.DECLINED, "declined"))));
    }

    private void finish(long number, Outcome<?> outcome) {
        calls.remove(number).then().accept(outcome);
    }

    private void send(int to, Packet packet) {
        world.net().send(node, world.nodes().get(to), packet);
    }
}
