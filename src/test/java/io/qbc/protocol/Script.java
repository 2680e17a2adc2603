package io.qbc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Verdict;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.FlowRunner;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.message.HeadsDigest;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.peer.Backoff;
import io.qbc.protocol.peer.HeadList;
import io.qbc.protocol.peer.PeerSet;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.peer.ProtocolContext;
import io.qbc.protocol.peer.ProtocolContext.Pace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A scripted environment of state machines: keeps their effects until a test gives the outcome. */
public final class Script implements PeerSet {
    public static final Hash CHAIN = Samples.pow("main").id();

    public final HeadList heads = new HeadList(1, listing -> true);
    public final List<PeerState> peers = new ArrayList<>();
    public long now = 1000;
    public boolean callable = true;
    public Pace pace = Pace.ANY;
    private final List<Open<?>> open = new ArrayList<>();

    private record Open<R>(FlowRunner<R> flowRunner, Consumer<Outcome<R>> then) {}

    public ProtocolContext protocolContext() {
        return new ProtocolContext(() -> now, () -> 0.5, new Backoff(100, 10_000), 3, 1 << 20, callable, pace);
    }

    public static Claim claim(long weight, long hash) {
        return new Claim(CHAIN, new Hash(hash, 0, 0, 0), weight, BigInteger.valueOf(weight));
    }

    public static Status status(Claim claim, long revision) {
        Hash digest = HeadsDigest.of(new TreeMap<>(Map.of(claim.chain(), claim.hash())));
        return new Status(new Mark(9, revision), 0, digest, List.of(new Listing(claim, "main")), List.of());
    }

    /** A live peer that says it has this head. */
    public PeerState peer(String key, Claim claim) {
        PeerState peer = new PeerState(Bytes.utf8(key));
        assertThat(peer.apply(status(claim, 1), chain -> true)).isTrue();
        peers.add(peer);
        return peer;
    }

    /** This node has this head. */
    public void own(Claim claim) {
        heads.put(new Listing(claim, "main"));
    }

    @Override
    public List<PeerState> all() {
        return peers;
    }

    @Override
    public List<PeerState> live() {
        return peers;
    }

    @Override
    public Optional<PeerState> live(Bytes key) {
        return peers.stream().filter(peer -> peer.key().equals(key)).findFirst();
    }

    public void begin(Effects effects) {
        effects.flows()
                .forEach(flow -> run(
                        flow,
                        outcome -> outcome.fold(
                                next -> {
                                    begin(next);
                                    return Done.DONE;
                                },
                                fault -> Done.DONE)));
    }

    public <R> void run(Flow<R> flow, Consumer<Outcome<R>> then) {
        Open<R> run = new Open<>(new FlowRunner<>(flow), then);
        resume(run, new Outcome.Succeeded<>(Done.DONE));
    }

    private <R> void resume(Open<R> each, Outcome<?> came) {
        each.flowRunner().on(came);
        if (each.flowRunner().effect().orElse(null) instanceof Effect.Begin beside) {
            begin(beside.effects());
            resume(each, new Outcome.Succeeded<>(Done.DONE));
        } else if (each.flowRunner().effect().isPresent()) {
            open.add(each);
        } else {
            each.then().accept(each.flowRunner().outcome().orElseThrow());
        }
    }

    /** The open effects, oldest first. */
    public List<Effect<?>> effects() {
        return open.stream()
                .<Effect<?>>map(each -> each.flowRunner().effect().orElseThrow())
                .toList();
    }

    /** The oldest open effect of a kind, which must be there. */
    public <E extends Effect<?>> E awaited(Class<E> kind) {
        return effects().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no open " + kind.getSimpleName() + " but " + effects()));
    }

    /** The message of the oldest call with a message of this kind. */
    public <M extends Message> M called(Class<M> kind) {
        return kind.cast(call(kind).request());
    }

    /** The oldest open effect of a kind has this result. */
    public <E extends Effect<?>> void succeed(Class<E> kind, Object value) {
        take(awaited(kind), new Outcome.Succeeded<>(value));
    }

    /** The oldest call is answered. */
    public void answered(Message message) {
        take(awaited(Effect.Call.class), new Outcome.Succeeded<>(message));
    }

    /** The oldest call with a message of this kind is answered. */
    public void answered(Class<? extends Message> kind, Message message) {
        take(call(kind), new Outcome.Succeeded<>(message));
    }

    public void silence(Class<? extends Message> kind) {
        take(call(kind), new Outcome.Failed<>(Fault.peer(Fault.Kind.SILENT, "no answer")));
    }

    private Effect.Call<?, ?> call(Class<? extends Message> kind) {
        return effects().stream()
                .flatMap(effect ->
                        effect instanceof Effect.Call<?, ?> call ? Stream.<Effect.Call<?, ?>>of(call) : Stream.empty())
                .filter(call -> kind.isInstance(call.request()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no call with a " + kind.getSimpleName() + " but " + effects()));
    }

    /** The offer of the quant at a height has this outcome. */
    public void judged(long height, Outcome<Verdict> outcome) {
        take(
                effects().stream()
                        .filter(effect -> effect instanceof Effect.Append append
                                && append.compactQuant().header().height() == height)
                        .findFirst()
                        .orElseThrow(),
                outcome);
    }

    private void take(Effect<?> effect, Outcome<?> outcome) {
        Open<?> each = open.stream()
                .filter(one -> one.flowRunner().effect().orElseThrow() == effect)
                .findFirst()
                .orElseThrow();
        open.remove(each);
        resume(each, outcome);
    }
}
