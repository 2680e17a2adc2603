package io.qbc.node;

import static io.qbc.bus.Catalogue.ADMITTED;
import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FETCH;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_FOLLOWING;
import static io.qbc.bus.Catalogue.FIND_NEWS;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.INJECT;
import static io.qbc.bus.Catalogue.READ;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Ask;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Origin;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.ledger.Tip;
import io.qbc.mining.MiningVerticle;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.persistence.PersistenceVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Nodes without network: each has its own store and miner, and what one makes or takes in the others are handed. */
public final class LinkedNodes implements AutoCloseable {
    private static final Duration ASK = Patience.CONDITION;
    private static final int MUCH = 1 << 24;

    private final List<Member> members = new ArrayList<>();

    /** One node. */
    public static final class Member {
        final Vertx vertx = Vertx.vertx();
        public final Bus bus;
        boolean cut;

        Member() {
            Bus.install(vertx);
            bus = new Bus(vertx, ASK);
        }

        <Q extends Record, R> R ask(Ask<Q, R> ask, Q question) {
            return done(bus.ask(ask, question));
        }

        Tip tip(ChainSpec spec) {
            return ask(FIND_TIP, new Catalogue.FindTip(spec.id()));
        }
    }

    /** Starts a node and links it with those that are there. */
    public Member start(Path data, Signer signer, NodeConfig.Leap leap, ChainSpec... chains) {
        NodeConfig config = Samples.with(Samples.config(data, 0), leap);
        Member member = new Member();
        InstantSource clock = InstantSource.system();
        done(member.vertx.deployVerticle(new PersistenceVerticle(
                config, List.of(chains), Ed25519.VERIFIER, spec -> DataRules.NONE, clock, ASK)));
        done(member.bus.serve(
                FIND_FOLLOWING,
                find -> member.bus.ask(FIND_CHAINS, new Catalogue.FindChains()).map(LinkedNodes::following)));
        done(member.bus.follow(HEAD_MOVED, moved -> hand(member, moved.chain())));
        done(member.bus.follow(ADMITTED, admitted -> news(member, admitted)));
        done(member.vertx.deployVerticle(new MiningVerticle(config, signer, name -> true, clock, ASK)));
        members.add(member);
        return member;
    }

    /** What a node hears that has peers with all its chains. */
    private static Catalogue.Following following(Catalogue.Chains here) {
        return new Catalogue.Following(
                List.of(),
                here.chains().stream()
                        .map(chain ->
                                new Catalogue.Known(chain.id(), chain.spec().name(), true, false))
                        .toList());
    }

    /** The chain as it is now, all of it: these chains are short. */
    void hand(Member from, io.qbc.model.Hash chain) {
        Catalogue.Read all = new Catalogue.Read(chain, new Cursor(1, 0), MUCH, 10_000);
        from.bus
                .ask(READ, all)
                .onSuccess(page -> others(from).forEach(to -> page.pieces().forEach(piece -> offer(to, chain, piece))));
    }

    private static void offer(Member to, io.qbc.model.Hash chain, Piece piece) {
        CompactQuant compactQuant = new CompactQuant(
                piece.quant().header(),
                piece.quant().seals(),
                piece.transactions().stream().map(Transaction::id).toList());
        to.bus
                .ask(APPEND, Append.foreign(chain, compactQuant, piece.transactions()))
                .onFailure(e -> {
                    // A node that has stopped takes nothing.
                });
    }

    private void news(Member from, Catalogue.Admitted admitted) {
        from.bus
                .ask(FIND_NEWS, new Catalogue.FindNews(admitted.chain(), 0, 10_000))
                .compose(news -> from.bus.ask(FETCH, new Catalogue.Fetch(admitted.chain(), news.ids(), MUCH)))
                .onSuccess(found -> others(from).forEach(to -> {
                    List<Submission> submissions =
                            found.transactions().stream().map(Submission::new).toList();
                    to.bus.ask(INJECT, new Catalogue.Inject(admitted.chain(), submissions, Origin.QUIET));
                }));
    }

    private List<Member> others(Member from) {
        return from.cut
                ? List.of()
                : List.copyOf(members).stream()
                        .filter(to -> to != from && !to.cut)
                        .toList();
    }

    public static <T> T done(Future<T> future) {
        return Patience.get(future);
    }

    void stop(Member member) {
        members.remove(member);
        done(member.vertx.close());
    }

    @Override
    public void close() {
        List.copyOf(members).forEach(this::stop);
    }
}
