package io.qbc.bus;

import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.ledger.analytics.Breakdown;
import io.qbc.ledger.analytics.TimeGrid;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Header;
import io.qbc.model.LogRange;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.tracing.TraceContext;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every message that crosses a verticle, in the order in which data flows, each with its records. Chains are named by
 * their id. An address is the stage that serves or publishes, and the name of the message. An ask comes back with its
 * answer, or fails with {@link Failure}, which has the {@link Refusal} whole.
 */
public final class Catalogue {
    private Catalogue() {}

    // 1. http, gossip -> mining: transactions come in.
    public static final Ask<Inject, Injected> INJECT = new Ask<>("mining.inject", Inject.class, Injected.class);

    /** Transactions for one chain; payload and commitment have been checked by the sender of this message. */
    public record Inject(Hash chain, List<Submission> submissions, Origin origin) {
        public Inject {
            submissions = List.copyOf(submissions);
        }
    }

    /**
     * One transaction.
     *
     * @param fresh whether this node made it just now with random bytes of its own, so that nobody has its id yet
     * @param trace of what brings it
     */
    public record Submission(Transaction transaction, boolean fresh, TraceContext trace) {
        /** A transaction that may have been here before. */
        public Submission(Transaction transaction) {
            this(transaction, false);
        }

        /** One that is not traced. */
        public Submission(Transaction transaction, boolean fresh) {
            this(transaction, fresh, TraceContext.NONE);
        }

        /** The same in a trace. */
        public Submission in(TraceContext context) {
            return new Submission(transaction, fresh, context);
        }
    }

    /** Where a transaction came from; {@code QUIET} ones are not announced to peers. */
    public enum Origin {
        CLIENT,
        PEER,
        QUIET
    }

    /** One admission for each submission, in order; all accepted ones are durable. */
    public record Injected(List<Admission> admissions) {
        public Injected {
            admissions = List.copyOf(admissions);
        }
    }

    /** What became of one submission. */
    public sealed interface Admission {}

    /** It is durable and waits, as entry {@code sequence} of this node's log of the chain. */
    public record Accepted(Hash id, long sequence) implements Admission {}

    /** The same transaction, or the same author and key with the same payload, was here before under this id. */
    public record Repeated(Hash id) implements Admission {}

    /** It was not taken, and nothing changed. */
    public record Declined(Refusal refusal) implements Admission {}

    /** An operation of the chain's engine that this node's key is to sign; the answer has one admission. */
    public static final Ask<Operate, Injected> OPERATE = new Ask<>("mining.operate", Operate.class, Injected.class);

    /**
     * What is to be signed; the sender of this message has checked that the engine understands it.
     *
     * @param key what makes it one operation however often it is asked for
     */
    public record Operate(Hash chain, Bytes type, Bytes payload, Bytes key, Bytes salt) {}

    /** Entries of this node's audit trail, which its key is to sign; the answer has one admission for each. */
    public static final Ask<Audit, Injected> AUDIT = new Ask<>("mining.audit", Audit.class, Injected.class);

    public record Audit(List<AuditEntry> entries) {
        public Audit {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One of them.
     *
     * @param key what makes it one entry however often it is sent
     */
    public record AuditEntry(Bytes type, Bytes payload, Bytes key, Bytes salt) {}

    // 2. mining -> persistence: make them durable. Answered when the log is synced.
    public static final Ask<Keep, Injected> KEEP = new Ask<>("persistence.keep", Keep.class, Injected.class);

    public record Keep(Hash chain, List<Submission> submissions) {
        public Keep {
            submissions = List.copyOf(submissions);
        }
    }

    // 3. mining -> gossip: something new waits. A hint; FIND_NEWS tells what.
    public static final Topic<Admitted> ADMITTED = new Topic<>("mining.admitted", Admitted.class);

    public record Admitted(Hash chain) {}

    /** Ids to announce: waiting, not quiet, after {@code sequence} in the log's order. */
    public static final Ask<FindNews, News> FIND_NEWS = new Ask<>("mining.find.news", FindNews.class, News.class);

    public record FindNews(Hash chain, long after, int countMax) {}

    /** Ids in order, and the sequence number to ask after next time. */
    public record News(List<Hash> ids, long upTo) {
        public News {
            ids = List.copyOf(ids);
        }
    }

    // 4. http, gossip -> mining: seal what waits.
    public static final Ask<Leap, Leaped> LEAP = new Ask<>("mining.leap", Leap.class, Leaped.class);

    /** {@code forwarded} by a peer that may not itself, so not passed on; if {@code on}, empty on that head only. */
    public record Leap(Hash chain, boolean forwarded, Optional<Hash> on) {
        public Leap(Hash chain) {
            this(chain, false, Optional.empty());
        }
    }

    /**
     * All that waited is sealed; {@code head} is the last of {@code quants} new quants with {@code count} transactions
     * together.
     */
    public record Leaped(Head head, int quants, long count) {}

    // 5. mining -> gossip: a leap that this node's key may not make, for a peer whose key may.
    public static final Ask<ForwardLeap, Leaped> FORWARD_LEAP =
            new Ask<>("gossip.forward.leap", ForwardLeap.class, Leaped.class);

    public record ForwardLeap(Hash chain) {}

    // 6. mining -> persistence: what the next quant is made on.
    public static final Ask<FindTip, Tip> FIND_TIP = new Ask<>("persistence.find.tip", FindTip.class, Tip.class);

    public record FindTip(Hash chain) {}

    // 7. mining -> persistence: what this node's key has bound itself to, stored and synced before it signs.
    public static final Ask<FindSigningRecord, SigningRecord> FIND_SIGNING_RECORD =
            new Ask<>("persistence.find.signing.record", FindSigningRecord.class, SigningRecord.class);

    public record FindSigningRecord(Hash chain) {}

    public static final Ask<KeepSigningRecord, SigningRecord> KEEP_SIGNING_RECORD =
            new Ask<>("persistence.keep.signing.record", KeepSigningRecord.class, SigningRecord.class);

    /** Refused as {@code BUSY} if the stored promise is not {@code before} any more. */
    public record KeepSigningRecord(Hash chain, SigningRecord before, SigningRecord after) {}

    // 8. mining, gossip, http -> persistence: a quant comes in.
    public static final Ask<Append, Verdict> APPEND = new Ask<>("persistence.append", Append.class, Verdict.class);

    /**
     * A quant offered to its chain.
     *
     * @param source who brought it, as far as that is known: of what waits for its parent, one source's gives way first
     * @param supplied transactions that come with it; the others must be in the store
     * @param logRanges where the transactions are in this node's log, in the quant's order, for a quant that this node
     *     made itself
     * @param own whether this node made it; then it is refused as {@code PARENT_STALE} unless it extends the head
     */
    public record Append(
            String source,
            Hash chain,
            CompactQuant compactQuant,
            List<Transaction> supplied,
            List<LogRange> logRanges,
            boolean own) {
        private static final String UNKNOWN = "";

        public Append {
            supplied = List.copyOf(supplied);
            logRanges = List.copyOf(logRanges);
        }

        /** A quant that came from elsewhere. */
        public static Append foreign(Hash chain, CompactQuant compactQuant, List<Transaction> supplied) {
            return foreign(UNKNOWN, chain, compactQuant, supplied);
        }

        /** The same from a source that is known. */
        public static Append foreign(String source, Hash chain, CompactQuant compactQuant, List<Transaction> supplied) {
            return new Append(source, chain, compactQuant, supplied, List.of(), false);
        }

        /** A quant that this node made of its log's entries in {@code logRanges}. */
        public static Append own(Hash chain, CompactQuant compactQuant, List<LogRange> logRanges) {
            return new Append(UNKNOWN, chain, compactQuant, List.of(), logRanges, true);
        }
    }

    // 9. persistence -> everyone: the chain moved. A hint; the store is the truth.
    public static final Topic<HeadMoved> HEAD_MOVED = new Topic<>("persistence.head.moved", HeadMoved.class);

    /**
     * The new head.
     *
     * @param tip what the next quant is made on
     * @param undone how many quants left the chain; when not 0, their transactions wait again unless they are in
     *     the new branch
     * @param done what the new quants hold, oldest first
     * @param superseded what waited here and no longer does, since another of the same author and key is in the new
     *     quants
     */
    public record HeadMoved(Hash chain, Tip tip, int undone, List<Placed> done, List<Supersession> superseded) {
        public HeadMoved {
            done = List.copyOf(done);
            superseded = List.copyOf(superseded);
        }

        /** A move by which nothing was superseded. */
        public HeadMoved(Hash chain, Tip tip, int undone, List<Placed> done) {
            this(chain, tip, undone, done, List.of());
        }

        public Head head() {
            return tip.head();
        }

        /** Where in this node's log nothing waits any more. */
        public List<LogRange> gone() {
            return Stream.concat(
                            done.stream().map(Placed::logRange),
                            superseded.stream().map(each -> new LogRange(each.sequence(), 1)))
                    .toList();
        }
    }

    /** Where in the chain a run of this node's log has its place; {@code index}: the leaf index of its first entry. */
    public record Placed(long height, Hash quant, long index, LogRange logRange) {}

    /**
     * A transaction of this node's log in whose place another one of the same author and key is in the chain.
     *
     * @param sequence where it is in the log
     * @param standing the id of the one in the chain
     * @param same whether that has the same payload
     */
    public record Supersession(long sequence, Hash id, Hash standing, boolean same) {}

    // 10. persistence -> mining: what came with a quant aside waits, unless it has its place already.
    public static final Topic<BacklogGrew> BACKLOG_GREW = new Topic<>("persistence.backlog.grew", BacklogGrew.class);

    /** Entries of the log from this sequence number on may wait that did not come through {@link #KEEP}. */
    public record BacklogGrew(Hash chain, long from) {}

    // 11. persistence -> mining: a producer signed what an honest one never signs.
    public static final Topic<EquivocationFound> EQUIVOCATION_FOUND =
            new Topic<>("persistence.equivocation.found", EquivocationFound.class);

    public record EquivocationFound(Hash chain, Evidence evidence) {}

    // 12. persistence -> gossip: a quant came whose parent is unknown.
    public static final Topic<Orphaned> ORPHANED = new Topic<>("persistence.orphaned", Orphaned.class);

    public record Orphaned(Hash chain, Hash parent, long height) {}

    // http -> persistence: how much waits so.
    public static final Ask<FindOrphans, KeptOrphans> FIND_ORPHANS =
            new Ask<>("persistence.find.orphans", FindOrphans.class, KeptOrphans.class);

    public record FindOrphans() {}

    /** Quants of all chains whose parents are unknown, and about the memory that they take. */
    public record KeptOrphans(int count, long bytes) {}

    // 13. mining -> persistence: waiting transactions as the store has them, in the log's order, to fill the pool
    // again.
    public static final Ask<FindWaiting, Waiting> FIND_WAITING =
            new Ask<>("persistence.find.waiting", FindWaiting.class, Waiting.class);

    /** Entries whose sequence number is at least {@code from}. */
    public record FindWaiting(Hash chain, long from, int countMax) {}

    /** Entries in order; {@code next} is where to go on, or empty when there are no more. */
    public record Waiting(List<Pool.Entry> entries, Optional<Long> next) {
        public Waiting {
            entries = List.copyOf(entries);
        }
    }

    // 14. http -> mining: how much waits.
    public static final Ask<FindPools, Pools> FIND_POOLS = new Ask<>("mining.find.pools", FindPools.class, Pools.class);

    /** Asks how much waits in each of these chains. */
    public record FindPools(List<Hash> chains) {
        public FindPools {
            chains = List.copyOf(chains);
        }
    }

    /** The pools that were asked for, in the same order; an empty one where there is no such chain. */
    public record Pools(List<PoolState> states) {
        public Pools {
            states = List.copyOf(states);
        }
    }

    /**
     * How much waits, and since when the oldest of it (milliseconds since 1970).
     *
     * @param stall why nothing of it comes into the chain, if it has waited too long on a head that stands still
     */
    public record PoolState(long transactions, long bytes, Optional<Long> oldest, Optional<Refusal> stall) {
        public static final PoolState EMPTY = new PoolState(0, 0, Optional.empty());

        public PoolState(long transactions, long bytes, Optional<Long> oldest) {
            this(transactions, bytes, oldest, Optional.empty());
        }
    }

    // 15. http -> persistence: where transactions are.
    public static final Ask<FindTransactions, FoundTransactions> FIND_TRANSACTIONS =
            new Ask<>("persistence.find.transactions", FindTransactions.class, FoundTransactions.class);

    /** Asks where transactions of one chain are; those of one turn of an event loop travel together. */
    public record FindTransactions(Hash chain, List<Hash> ids) {
        public FindTransactions {
            ids = List.copyOf(ids);
        }
    }

    /** Where each of the transactions is that were asked for, in the same order. */
    public record FoundTransactions(List<Located> places) {
        public FoundTransactions {
            places = List.copyOf(places);
        }
    }

    /** Where one transaction is. */
    public sealed interface Located {}

    public record Pending(Transaction transaction) implements Located {}

    public record Committed(Transaction transaction, long height, Hash quant, long index) implements Located {}

    /** Another transaction of the same author and key stands in the chain; {@code same} if with the same payload. */
    public record Superseded(Transaction transaction, Hash standing, boolean same) implements Located {}

    public record Absent() implements Located {}

    // 16. http, gossip -> persistence: quants.
    public static final Ask<FindQuant, FoundQuant> FIND_QUANT =
            new Ask<>("persistence.find.quant", FindQuant.class, FoundQuant.class);

    public record FindQuant(Hash chain, QuantName name) {}

    /** How a quant is asked for. */
    public sealed interface QuantName {
        record ByHeight(long height) implements QuantName {}

        record ByHash(Hash hash) implements QuantName {}

        record ByHead() implements QuantName {}

        /** The quant of the present chain that holds the transaction of a leaf index. */
        record ByLeaf(long index) implements QuantName {}
    }

    public record FoundQuant(Optional<QuantHead> quant) {}

    /** A stored quant without its transactions; {@code onChain} is false for one on a branch aside. */
    public record QuantHead(Header header, Hash hash, List<Seal> seals, boolean onChain) {
        public QuantHead {
            seals = List.copyOf(seals);
        }

        /** The leaf index of its first transaction. */
        public long firstIndex() {
            return header.treeSize() - header.count();
        }
    }

    /** Reads the chain forward, a bounded piece at a time. */
    public static final Ask<Read, Page> READ = new Ask<>("persistence.read", Read.class, Page.class);

    /**
     * A place to read from and how much.
     *
     * @param from where to begin; in a chain that was reorganised since, the caller notices by the pieces' headers
     * @param bytesMax how many bytes of encoded transactions to give about; one transaction comes however large it is
     * @param quantsMax how many quants, at most
     */
    public record Read(Hash chain, Cursor from, int bytesMax, int quantsMax) {}

    /** A place in the chain: the transaction {@code offset} of the quant at {@code height}. */
    public record Cursor(long height, int offset) {}

    /** Pieces in order, and where to go on; {@code end} when the head has been given whole. */
    public record Page(List<Piece> pieces, Cursor next, boolean end) {
        public Page {
            pieces = List.copyOf(pieces);
        }
    }

    /** Transactions {@code offset} and following of one quant; {@code last} when none come after them in it. */
    public record Piece(QuantHead quant, int offset, List<Transaction> transactions, boolean last) {
        public Piece {
            transactions = List.copyOf(transactions);
        }
    }

    /** One quant whole by its hash, on the chain or aside, a bounded piece at a time as in {@link #READ}. */
    public static final Ask<ReadQuant, Page> READ_QUANT =
            new Ask<>("persistence.read.quant", ReadQuant.class, Page.class);

    /**
     * Reads one quant by its hash, a bounded piece at a time.
     *
     * @param bytesMax how many bytes of encoded transactions to give about; one comes however large it is
     * @param countMax how many transactions, at most: who asks for a few tells where the next piece begins
     */
    public record ReadQuant(Hash chain, Hash quant, int offset, int bytesMax, int countMax) {
        /** As many as the bytes allow. */
        public ReadQuant(Hash chain, Hash quant, int offset, int bytesMax) {
            this(chain, quant, offset, bytesMax, Integer.MAX_VALUE);
        }
    }

    /** How the chain's engine stands on the head. */
    public static final Ask<FindConsensus, Status> FIND_CONSENSUS =
            new Ask<>("persistence.find.consensus", FindConsensus.class, Status.class);

    public record FindConsensus(Hash chain) {}

    // 17. gossip -> persistence: what nodes need to know to bring each other up to date.
    /** Which of these transactions are not in the store. */
    public static final Ask<Which, Unknown> WHICH_UNKNOWN =
            new Ask<>("persistence.which.unknown", Which.class, Unknown.class);

    public record Which(Hash chain, List<Hash> ids) {
        public Which {
            ids = List.copyOf(ids);
        }
    }

    public record Unknown(List<Hash> ids) {
        public Unknown {
            ids = List.copyOf(ids);
        }
    }

    /** Transactions by id, those that are in the store, until about {@code bytesMax} bytes. */
    public static final Ask<Fetch, Fetched> FETCH = new Ask<>("persistence.fetch", Fetch.class, Fetched.class);

    public record Fetch(Hash chain, List<Hash> ids, int bytesMax) {
        public Fetch {
            ids = List.copyOf(ids);
        }
    }

    public record Fetched(List<Transaction> transactions) {
        public Fetched {
            transactions = List.copyOf(transactions);
        }
    }

    /** The ids of a stored quant in order (on the chain or aside); nothing if it is not here. */
    public static final Ask<FindCompactQuant, FoundCompactQuant> FIND_COMPACT_QUANT =
            new Ask<>("persistence.find.compact.quant", FindCompactQuant.class, FoundCompactQuant.class);

    public record FindCompactQuant(Hash chain, Hash quant) {}

    public record FoundCompactQuant(Optional<CompactQuant> compactQuant) {}

    /** Hashes of the chain from the head back: ten in a row, then ever wider apart, the genesis quant last. */
    public static final Ask<FindLocator, Locator> FIND_LOCATOR =
            new Ask<>("persistence.find.locator", FindLocator.class, Locator.class);

    public record FindLocator(Hash chain) {}

    public record Locator(List<Hash> hashes) {
        public Locator {
            hashes = List.copyOf(hashes);
        }
    }

    /** The height of the first of these hashes that is on the chain; nothing if none is. */
    public static final Ask<FindCommon, Common> FIND_COMMON =
            new Ask<>("persistence.find.common", FindCommon.class, Common.class);

    public record FindCommon(Hash chain, List<Hash> hashes) {
        public FindCommon {
            hashes = List.copyOf(hashes);
        }
    }

    public record Common(Optional<Long> height) {}

    // 18. http, gossip -> persistence: chains come and go.
    public static final Ask<Bang, Banged> BANG = new Ask<>("persistence.bang", Bang.class, Banged.class);

    /**
     * Makes a chain on this node; a fork needs its parent here, with the quant it names on the parent's chain.
     *
     * @param begun whether this node has just set its genesis time, so that nobody can have signed in it before
     * @param foreign whether it comes from a peer, so that it takes no name that somebody here wants
     */
    public record Bang(ChainSpec spec, boolean begun, boolean foreign) {
        /** A chain that others may have had before. */
        public Bang(ChainSpec spec) {
            this(spec, false);
        }

        /** A chain that somebody here makes. */
        public Bang(ChainSpec spec, boolean begun) {
            this(spec, begun, false);
        }

        /** A chain of a peer. */
        public static Bang foreign(ChainSpec spec) {
            return new Bang(spec, false, true);
        }
    }

    /** The chain is here; {@code created} is false if it was before. */
    public record Banged(Chain chain, boolean created) {}

    /**
     * One chain: id, rules, head, whether its store still takes writes, and whether it is frozen on this node.
     *
     * @param named whether the name of its spec stands for it on this node, and for no other chain
     */
    public record Chain(Hash id, ChainSpec spec, Head head, boolean writable, boolean frozen, boolean named) {
        public Chain(Hash id, ChainSpec spec, Head head, boolean writable) {
            this(id, spec, head, writable, false);
        }

        public Chain(Hash id, ChainSpec spec, Head head, boolean writable, boolean frozen) {
            this(id, spec, head, writable, frozen, true);
        }

        /** What it is called on this node: its name, or its id where the name stands for another one. */
        public String name() {
            return named ? spec.name() : id.hex();
        }
    }

    /** Stops or lets through all writes to a chain on this node; refused writes say {@code CHAIN_FROZEN}. */
    public static final Ask<Freeze, Chain> FREEZE = new Ask<>("persistence.freeze", Freeze.class, Chain.class);

    public record Freeze(Hash chain, boolean frozen) {}

    /** Removes a chain's data from this node; what its forks need stays. */
    public static final Ask<Drop, Dropped> DROP = new Ask<>("persistence.drop", Drop.class, Dropped.class);

    public record Drop(Hash chain) {}

    public record Dropped(Hash chain) {}

    // 19. persistence -> everyone: which chains there are.
    public static final Topic<ChainOpened> CHAIN_OPENED = new Topic<>("persistence.chain.opened", ChainOpened.class);

    /**
     * A chain is here now, or its freezing changed; a follower that has it already takes over what is new.
     *
     * @param begun whether it began here, just now
     */
    public record ChainOpened(Chain chain, boolean begun) {
        public ChainOpened(Chain chain) {
            this(chain, false);
        }
    }

    public static final Topic<ChainClosed> CHAIN_CLOSED = new Topic<>("persistence.chain.closed", ChainClosed.class);

    public record ChainClosed(Hash chain) {}

    // 20. anyone -> persistence: the same, asked for.
    public static final Ask<FindChains, Chains> FIND_CHAINS =
            new Ask<>("persistence.find.chains", FindChains.class, Chains.class);

    public record FindChains() {}

    public record Chains(List<Chain> chains) {
        public Chains {
            chains = List.copyOf(chains);
        }
    }

    public static final Ask<FindDamage, Damage> FIND_DAMAGE =
            new Ask<>("persistence.find.damage", FindDamage.class, Damage.class);

    public record FindDamage() {}

    /**
     * What is known to be damaged.
     *
     * @param chains the chains that the store has and cannot open
     * @param met open chains in which a read, a commit or the check of the store met damage, with what was met first
     * @param store what the check of the store found that belongs to no chain alone
     */
    public record Damage(List<DamagedChain> chains, List<DamagedChain> met, Optional<Refusal> store) {
        public Damage {
            chains = List.copyOf(chains);
            met = List.copyOf(met);
        }
    }

    /**
     * One of them.
     *
     * @param id as far as it could be found out, as the name
     * @param configured whether the node's configuration names it, as it does the default chain
     */
    public record DamagedChain(Hash id, String name, Refusal refusal, boolean configured) {}

    public static final Ask<FindStore, StoreState> FIND_STORE =
            new Ask<>("persistence.find.store", FindStore.class, StoreState.class);

    public record FindStore() {}

    /**
     * How the store as a whole fares.
     *
     * @param freeBytes on the disk of the data directory; {@link Long#MAX_VALUE} if nobody knows
     * @param reserveBytes the part of them that is kept free
     * @param refusal why it takes no writes, if so
     * @param damageMet how often reads and commits met damage
     * @param reopened how often it was opened again after the disk was full
     * @param indexed which part of a chain its index has, for the chains whose index is not complete
     */
    public record StoreState(
            long freeBytes,
            long reserveBytes,
            Optional<Refusal> refusal,
            long damageMet,
            long reopened,
            Map<Hash, Double> indexed) {
        public StoreState {
            indexed = Map.copyOf(indexed);
        }

        /** One with every index complete. */
        public StoreState(long freeBytes, long reserveBytes, Optional<Refusal> refusal, long damageMet, long reopened) {
            this(freeBytes, reserveBytes, refusal, damageMet, reopened, Map.of());
        }
    }

    /** The last quant that two chains share; nothing if they share none, or one of them is not here. */
    public static final Ask<FindAncestor, Ancestor> FIND_ANCESTOR =
            new Ask<>("persistence.find.ancestor", FindAncestor.class, Ancestor.class);

    public record FindAncestor(Hash chain, Hash other) {}

    public record Ancestor(Optional<QuantHead> quant) {}

    // 21. http, mining -> gossip: which chains this node follows.
    public static final Ask<Follow, Following> FOLLOW = new Ask<>("gossip.follow", Follow.class, Following.class);

    /** Begins or ends following a chain, by name or id, that may not be here yet. */
    public record Follow(String chain, boolean follow) {}

    /** The same answer without a change. */
    public static final Ask<FindFollowing, Following> FIND_FOLLOWING =
            new Ask<>("gossip.find.following", FindFollowing.class, Following.class);

    public record FindFollowing() {}

    /** What is followed by name or id, and what peers are known to have: id and name. */
    public record Following(List<String> followed, List<Known> known) {
        public Following {
            followed = List.copyOf(followed);
            known = List.copyOf(known);
        }
    }

    /** A chain that a live peer has; whether it is here, and whether a peer that can be believed has more of it. */
    public record Known(Hash id, String name, boolean here, boolean ahead) {}

    // 22. http -> gossip: peers.
    public static final Ask<FindPeers, Peers> FIND_PEERS = new Ask<>("gossip.find.peers", FindPeers.class, Peers.class);

    /** All peers, with where each is with a chain; of none with the first of this node's. */
    public record FindPeers(Optional<Hash> chain) {
        public FindPeers() {
            this(Optional.empty());
        }
    }

    /**
     * All known peers, this node's own key and address, how far a catch-up is, and how peers behave.
     *
     * @param refused callers of late that are no peers
     */
    public record Peers(
            Bytes self,
            String address,
            List<Peer> peers,
            List<CatchUp> catchUps,
            PeerTraffic traffic,
            List<RefusedCaller> refused,
            Conduct conduct) {
        public Peers {
            peers = List.copyOf(peers);
            catchUps = List.copyOf(catchUps);
            refused = List.copyOf(refused);
        }

        /** Without callers that were refused, and misbehaviour. */
        public Peers(Bytes self, String address, List<Peer> peers, List<CatchUp> catchUps, PeerTraffic traffic) {
            this(self, address, peers, catchUps, traffic, List.of(), Conduct.NONE);
        }
    }

    /**
     * A caller whose handshake was refused.
     *
     * @param from its IP address
     * @param address the base address that it says it has, without proof; may be empty
     * @param code why
     * @param detail the same in words
     * @param count how often
     * @param at when it was last
     */
    public record RefusedCaller(String from, String address, String code, String detail, long count, long at) {}

    /**
     * What this node's calls of its peers and theirs come to.
     *
     * @param slow calls that were ended because the peer was too slow
     * @param answerBytes bytes of answers that are under way
     * @param refused calls of others that were refused before they were read
     * @param postponed chains of peers that wait, since those who have them brought too many
     */
    public record PeerTraffic(long slow, long answerBytes, long refused, long postponed, SessionTraffic sessions) {
        public static final PeerTraffic NONE = new PeerTraffic(0, 0);

        /** Without refusals and sessions. */
        public PeerTraffic(long slow, long answerBytes) {
            this(slow, answerBytes, 0, 0, SessionTraffic.NONE);
        }
    }

    /**
     * How peers behave.
     *
     * @param misbehaviours how often each was noticed, by its code
     */
    public record Conduct(SortedMap<String, Long> misbehaviours, List<Ban> bans) {
        public static final Conduct NONE = new Conduct(new TreeMap<>(), List.of());

        public Conduct {
            misbehaviours = Collections.unmodifiableSortedMap(new TreeMap<>(misbehaviours));
            bans = List.copyOf(bans);
        }
    }

    /**
     * The sessions of this node with others.
     *
     * @param outgoing those that this node opened
     * @param incoming those that others opened
     * @param read requests that were proved, and read
     * @param unread requests that were not
     */
    public record SessionTraffic(long outgoing, long incoming, Handshakes handshakes, long read, long unread) {
        public static final SessionTraffic NONE = new SessionTraffic(0, 0, new Handshakes(0, 0, 0, 0, 0), 0, 0);
    }

    /**
     * What handshakes came to.
     *
     * @param made sessions that this node opened
     * @param failed handshakes of this node's that came to nothing
     * @param accepted sessions that others opened
     * @param refused handshakes of others that were refused for what they are
     * @param rationed those that were refused because there were too many
     */
    public record Handshakes(long made, long failed, long accepted, long refused, long rationed) {}

    /**
     * One peer: base address, identity key, whether it answers, and what is known of it.
     *
     * @param height its height in the chain that is asked about; 0 if it is not known to have that
     * @param head its head there; empty if it is not known to have it
     * @param since when it became a peer; 0 if it is none yet
     * @param latency milliseconds that its answers to challenges take of late; empty while it is away or gave none
     * @param lastError why it was of no use when that was tried last; empty if it was
     * @param score points of misbehaviour that have not faded
     */
    public record Peer(
            String address,
            Bytes key,
            boolean live,
            long height,
            Optional<Hash> head,
            long since,
            long seenAt,
            OptionalLong latency,
            int failures,
            String lastError,
            long score) {
        /** One that behaves, and was not called yet. */
        public Peer(String address, Bytes key, boolean live, long height, long seenAt, int failures, String lastError) {
            this(
                    address,
                    key,
                    live,
                    height,
                    Optional.empty(),
                    seenAt,
                    seenAt,
                    OptionalLong.empty(),
                    failures,
                    lastError,
                    0);
        }
    }

    /** Which peers are banned at present. */
    public static final Ask<FindBans, Bans> FIND_BANS = new Ask<>("gossip.find.bans", FindBans.class, Bans.class);

    public record FindBans() {}

    public record Bans(List<Ban> bans) {
        public Bans {
            bans = List.copyOf(bans);
        }
    }

    /**
     * A ban of an identity key or an IP address.
     *
     * @param peer the key in hex, or the address, of IPv6 the network of 64 bits
     * @param since milliseconds since 1970
     * @param until when it ends by itself
     * @param reason the code of the last misbehaviour, or what the operator wrote
     */
    public record Ban(String peer, long since, long until, String reason, boolean byOperator) {}

    /** The operator bans a peer by its identity key or its IP address. */
    public static final Ask<BanPeer, Ban> BAN = new Ask<>("gossip.ban", BanPeer.class, Ban.class);

    /**
     * What it wants.
     *
     * @param time how long; nothing for as long as usual
     */
    public record BanPeer(String peer, Optional<Duration> time, String reason) {}

    /** The operator ends a ban before its time; the answer is that ban. */
    public static final Ask<Unban, Ban> UNBAN = new Ask<>("gossip.unban", Unban.class, Ban.class);

    public record Unban(String peer) {}

    /** A catch-up under way. */
    public record CatchUp(Hash chain, String peer, long height, long target, Duration running) {}

    /** What this node's peers show of it. */
    public static final Ask<FindPeerView, PeerView> FIND_PEER_VIEW =
            new Ask<>("gossip.find.peer.view", FindPeerView.class, PeerView.class);

    public record FindPeerView() {}

    /**
     * How this node stands beside its peers.
     *
     * @param behind of how many quants of a chain a peer that can be believed has more
     * @param skewMillis how far the clocks of most peers are ahead of this node's; nothing if they do not tell
     * @param warnings what somebody should look after
     */
    public record PeerView(Map<Hash, Long> behind, Optional<Long> skewMillis, List<Warning> warnings) {
        public static final PeerView NONE = new PeerView(Map.of(), Optional.empty(), List.of());

        public PeerView {
            behind = Map.copyOf(behind);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What does not keep a node from its work, and should be looked after.
     *
     * @param code for programs
     * @param chain the name of the chain that it is about
     */
    public record Warning(String code, Optional<String> chain, String detail) {}

    public static final Ask<Discover, Discovered> DISCOVER =
            new Ask<>("gossip.discover", Discover.class, Discovered.class);

    /** Asks to make the node at this base address a peer, after a challenge. */
    public record Discover(String address) {}

    /** It is a peer now, or was before. */
    public record Discovered() {}

    /** A call of the peer protocol, its bytes as they came; gossip alone reads and writes them. */
    public static final Ask<PeerCall, PeerAnswer> PEER_CALL =
            new Ask<>("gossip.peer.call", PeerCall.class, PeerAnswer.class);

    /**
     * What a peer calls.
     *
     * @param trace that the caller names
     */
    public record PeerCall(String verb, Bytes body, String host, String remote, TraceContext trace) {
        /** One that is not traced. */
        public PeerCall(String verb, Bytes body, String host, String remote) {
            this(verb, body, host, remote, TraceContext.NONE);
        }

        /** The verbs whose answers may take some megabytes. */
        public static final Set<String> LARGE_ANSWERS = Set.of("sync", "fetch", "rest");

        /** The verbs of callers that proved nothing yet, and how long their bodies may be. */
        public static final Set<String> HANDSHAKES = Set.of("hello", "prove");

        public static final int HANDSHAKE_BYTES_MAX = 1 << 10;
    }

    public record PeerAnswer(int status, Bytes body) {}

    // 23. http -> persistence: copies of the store that damage has an answer in.
    /** Begins a backup; it goes on after the answer. Refused as {@code BUSY} while another one is made. */
    public static final Ask<Backup, BackupState> BACKUP =
            new Ask<>("persistence.backup", Backup.class, BackupState.class);

    /**
     * A backup to make.
     *
     * @param name a plain file name, empty for one made of the time
     * @param withKey whether the node's secret keys and the API keys are in it
     * @param whole whether every rule is checked anew in the copy, as {@code qbc verify} does
     */
    public record Backup(Optional<String> name, boolean withKey, boolean whole) {}

    /** How the last backup fares. */
    public static final Ask<FindBackup, BackupState> FIND_BACKUP =
            new Ask<>("persistence.find.backup", FindBackup.class, BackupState.class);

    public record FindBackup() {}

    /**
     * Where a backup stands.
     *
     * @param name its name, empty if there is none
     * @param path where it is, or will be
     * @param done bytes that were read so far, of all {@code bytes}
     * @param shared bytes of it that cost no room, as another file system entry has them too
     * @param startedAt in milliseconds since 1970
     */
    public record BackupState(
            BackupStep step,
            String name,
            String path,
            long done,
            long bytes,
            long shared,
            long startedAt,
            Optional<Long> finishedAt,
            Optional<Refusal> failure) {
        public static final BackupState NONE =
                new BackupState(BackupStep.NONE, "", "", 0, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    /** What is done for a backup at present, or how it ended. */
    public enum BackupStep {
        NONE,
        COPYING,
        CHECKING,
        DONE,
        FAILED
    }

    // 24. http -> persistence: what the check of all that is stored has found so far.
    public static final Ask<FindScrub, ScrubState> FIND_SCRUB =
            new Ask<>("persistence.find.scrub", FindScrub.class, ScrubState.class);

    public record FindScrub() {}

    /**
     * How far the check is that a running node makes of all that it holds.
     *
     * @param period how long one pass takes, 0 for none
     * @param share how much of the present pass is done, 0 to 1
     * @param bytes read for it since the start
     * @param startedAt when the present pass began, in milliseconds since 1970
     * @param finishedAt when the last pass ended
     * @param findings how much is wrong, as the last whole pass and the present one found
     * @param latest the last of these findings, in words
     */
    public record ScrubState(
            Duration period,
            double share,
            long bytes,
            Optional<Long> startedAt,
            Optional<Long> finishedAt,
            long findings,
            List<String> latest) {
        public ScrubState {
            latest = List.copyOf(latest);
        }
    }

    // Lists of transactions.
    /** Transactions of a chain by what is said of them, in the order of the chain. */
    public static final Ask<ListTransactions, ListedTransactions> LIST_TRANSACTIONS =
            new Ask<>("persistence.list.transactions", ListTransactions.class, ListedTransactions.class);

    /**
     * Which transactions.
     *
     * @param newest whether the newest come first
     * @param after behind this place
     * @param heightMax of no higher quants
     */
    public record ListTransactions(
            Hash chain,
            Criteria criteria,
            boolean newest,
            Optional<ListPlace> after,
            long heightMax,
            ListBounds bounds) {}

    /**
     * What is said of a transaction.
     *
     * @param scope its author and idempotency key; by it also those are found that wait
     * @param from the earliest timestamp of its quant
     * @param to the timestamp before which its quant's is
     */
    public record Criteria(
            Optional<Hash> scope, Optional<Bytes> type, Optional<Bytes> author, OptionalLong from, OptionalLong to) {}

    /**
     * A place in a list.
     *
     * @param height of the quant; in a list by scope the place in the log
     * @param offset in the quant; in a list by scope how many of the chain's ancestors are above the one with that log
     * @param anchor the beginning of the quant's hash
     */
    public record ListPlace(long height, int offset, long anchor) {}

    /**
     * Where a page of a list ends at the latest.
     *
     * @param bytesMax of transactions, but for the last one
     * @param stepsMax looks at rows, quants and transactions
     */
    public record ListBounds(int countMax, long bytesMax, int stepsMax) {}

    /** Transactions that are committed or, by scope, pending; {@code next} is where to go on if there may be more. */
    public record ListedTransactions(List<Located> transactions, Optional<ListPlace> next) {
        public ListedTransactions {
            transactions = List.copyOf(transactions);
        }
    }

    // Figures about chains.
    /** What came to a chain over time. */
    public static final Ask<FindAnalytics, Analytics> FIND_ANALYTICS =
            new Ask<>("persistence.find.analytics", FindAnalytics.class, Analytics.class);

    public record FindAnalytics(Hash chain, TimeGrid grid, Breakdown by) {}

    /** The figures, of all quants up to a height, -1 for none. */
    public record Analytics(long height, List<AnalyticsSeries> series) {
        public Analytics {
            series = List.copyOf(series);
        }
    }

    /** The figures of a type or an author, or without a name of all the others, a point for each step. */
    public record AnalyticsSeries(Optional<Bytes> name, List<AnalyticsPoint> points) {
        public AnalyticsSeries {
            points = List.copyOf(points);
        }
    }

    /**
     * What came in a step.
     *
     * @param waitMillis what all transactions waited for their quant, added up
     * @param waitP50Millis what half of them waited at most
     * @param finalityP50Millis how old the newest final quant was at most as half of the quants came
     */
    public record AnalyticsPoint(
            long transactions,
            long bytes,
            long quants,
            long waitMillis,
            OptionalLong waitP50Millis,
            OptionalLong waitP99Millis,
            OptionalLong finalityP50Millis,
            OptionalLong finalityP99Millis) {}

    /** How far the figures are behind. */
    public static final Ask<FindRollup, RollupState> FIND_ROLLUP =
            new Ask<>("persistence.find.rollup", FindRollup.class, RollupState.class);

    public record FindRollup() {}

    /** How many quants of all chains are not in the figures yet. */
    public record RollupState(long behind) {}

    // Subscriptions: http, event bus -> subscription; subscription -> persistence for what it stores.
    /** What is stored for a chain's subscriptions, in the order of the keys. */
    public static final Ask<FindSubscriptionRows, SubscriptionRows> FIND_SUBSCRIPTION_ROWS =
            new Ask<>("persistence.find.subscription.rows", FindSubscriptionRows.class, SubscriptionRows.class);

    /** Rows whose keys begin with {@code prefix} and are behind {@code after}. */
    public record FindSubscriptionRows(Hash chain, Bytes prefix, Bytes after, int countMax) {}

    public record SubscriptionRows(List<SubscriptionRow> rows) {
        public SubscriptionRows {
            rows = List.copyOf(rows);
        }
    }

    /** A row; without a value where it is to be removed. */
    public record SubscriptionRow(Bytes key, Optional<Bytes> value) {}

    /** Stores rows for a chain's subscriptions in one step; answered when they are synced. */
    public static final Ask<KeepSubscriptionRows, SubscriptionRows> KEEP_SUBSCRIPTION_ROWS =
            new Ask<>("persistence.keep.subscription.rows", KeepSubscriptionRows.class, SubscriptionRows.class);

    public record KeepSubscriptionRows(Hash chain, List<SubscriptionRow> rows) {
        public KeepSubscriptionRows {
            rows = List.copyOf(rows);
        }
    }

    /** Makes a subscription or changes it. */
    public static final Ask<PutSubscription, SubscriptionPut> PUT_SUBSCRIPTION =
            new Ask<>("subscription.put.subscription", PutSubscription.class, SubscriptionPut.class);

    /** What is wanted, as JSON. */
    public record PutSubscription(Hash chain, String name, Bytes document) {}

    /**
     * It is there.
     *
     * @param secret what its deliveries are signed with, shown this once; nothing if it has none, or had one before
     */
    public record SubscriptionPut(SubscriptionInfo info, boolean created, Optional<String> secret) {}

    /**
     * How a subscription stands.
     *
     * @param document what it is to do, as JSON with every default, and with values of header fields hidden
     * @param kind how it delivers
     * @param state {@code active}, {@code retrying}, {@code paused}, {@code disabled}, or {@code damaged} if what is
     *     stored cannot be read
     * @param offset the leaf index of the next transaction
     * @param quant the quant that the offset stands on; nothing at the beginning
     * @param replay the leaf index of the next transaction of a replay, while one is under way
     * @param generation how often the place was changed otherwise than by acknowledgements
     * @param lagEvents how many leaves are behind the offset and could be delivered
     * @param lagMillis how old the quant of the next of them is; 0 where none is
     * @param failingMillis for how long attempts have failed; 0 if the last one did not
     * @param consumers who has events or the lease at present, some of them where they are many
     * @param beyond how many events behind the offset are acknowledged, where the order is by key
     * @param dead how many dead letters there are
     */
    public record SubscriptionInfo(
            Hash chain,
            String name,
            Bytes document,
            String kind,
            String state,
            long offset,
            Optional<Hash> quant,
            OptionalLong replay,
            long generation,
            long lagEvents,
            long lagMillis,
            Optional<String> lastError,
            OptionalLong nextAttempt,
            long attempts,
            long failingMillis,
            List<String> consumers,
            long beyond,
            long acknowledged,
            long dead) {
        public SubscriptionInfo {
            consumers = List.copyOf(consumers);
        }
    }

    public static final Ask<FindSubscriptions, Subscriptions> FIND_SUBSCRIPTIONS =
            new Ask<>("subscription.find.subscriptions", FindSubscriptions.class, Subscriptions.class);

    /** Those of a chain, or of all. */
    public record FindSubscriptions(Optional<Hash> chain) {}

    public record Subscriptions(List<SubscriptionInfo> subscriptions) {
        public Subscriptions {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    public static final Ask<FindSubscription, SubscriptionInfo> FIND_SUBSCRIPTION =
            new Ask<>("subscription.find.subscription", FindSubscription.class, SubscriptionInfo.class);

    public record FindSubscription(Hash chain, String name) {}

    public static final Ask<DropSubscription, SubscriptionInfo> DROP_SUBSCRIPTION =
            new Ask<>("subscription.drop.subscription", DropSubscription.class, SubscriptionInfo.class);

    public record DropSubscription(Hash chain, String name) {}

    /** Pauses a subscription, lets it go on, or moves it. */
    public static final Ask<SteerSubscription, SubscriptionPut> STEER_SUBSCRIPTION =
            new Ask<>("subscription.steer.subscription", SteerSubscription.class, SubscriptionPut.class);

    public record SteerSubscription(Hash chain, String name, Steering steering) {}

    /** What is to be done with a subscription. */
    public sealed interface Steering {
        record Pause() implements Steering {}

        /** Also for one that is disabled. */
        record Resume() implements Steering {}

        /** Goes on from here: {@code oldest}, {@code newest} or a leaf index. */
        record Seek(String place) implements Steering {}

        /** Delivers the leaves of a range once more, {@code to} excluded, and then goes on. */
        record Replay(long from, long to) implements Steering {}

        /** Makes a new secret; the one before counts for a day. */
        record Rotate() implements Steering {}
    }

    /** Fetches what is next of a subscription, with a lease for its consumer. */
    public static final Ask<FetchEvents, FetchedEvents> FETCH_EVENTS =
            new Ask<>("subscription.fetch.events", FetchEvents.class, FetchedEvents.class);

    /**
     * What a consumer wants.
     *
     * @param holder the consumer's name; one without is another one at each fetch
     * @param ahead where to read on behind what was fetched and is not acknowledged; nothing for the offset
     * @param waitMillis how long to wait for the first event
     */
    public record FetchEvents(
            Hash chain,
            String name,
            Optional<String> holder,
            Optional<AheadPlace> ahead,
            int countMax,
            long waitMillis) {}

    /** A place behind the offset, as {@link FetchedEvents} gave it. */
    public record AheadPlace(long offset, long generation) {}

    /**
     * What was fetched.
     *
     * @param kind how the subscription delivers
     * @param offset what to commit once all of it was taken
     * @param generation of the place: where it is not the one that was asked with, the place was moved, what is in
     *     flight is void, and these events are from the new place on
     * @param more whether there is more at once
     * @param keyed whether each event is acknowledged by itself, as consumers share the subscription
     */
    public record FetchedEvents(
            String kind,
            List<SubscribedEvent> events,
            long offset,
            long generation,
            boolean data,
            boolean more,
            boolean keyed) {
        public FetchedEvents {
            events = List.copyOf(events);
        }
    }

    /**
     * An event of a subscription: a transaction was committed, or some were undone.
     *
     * @param id the same whenever it is delivered, and no other event's of this subscription
     * @param reverted whether all transactions from {@code index} on that were delivered are undone
     * @param index the leaf index
     * @param next what to commit once it was taken
     * @param quant the quant; of an undoing the one that the chain goes on from
     * @param transaction the id; nothing for an undoing
     * @param payload nothing for an undoing, and where it was erased
     */
    public record SubscribedEvent(
            String id,
            boolean reverted,
            long index,
            long next,
            long height,
            Hash quant,
            long quantTime,
            long treeSize,
            Optional<Hash> transaction,
            Optional<Body> body,
            Optional<Bytes> payload) {}

    /** Acknowledges all events below an offset; answered when that is synced. */
    public static final Ask<CommitOffset, SubscriptionInfo> COMMIT_OFFSET =
            new Ask<>("subscription.commit.offset", CommitOffset.class, SubscriptionInfo.class);

    /**
     * What was taken.
     *
     * @param generation that the events were fetched with, if known; refused as {@code SUBSCRIPTION_MOVED} if the place
     *     was moved since
     */
    public record CommitOffset(
            Hash chain, String name, Optional<String> holder, long offset, OptionalLong generation) {}

    /** Acknowledges events by their ids, where the order is by key; answered when that is synced. */
    public static final Ask<AcknowledgeEvents, SubscriptionInfo> ACKNOWLEDGE_EVENTS =
            new Ask<>("subscription.acknowledge.events", AcknowledgeEvents.class, SubscriptionInfo.class);

    public record AcknowledgeEvents(
            Hash chain, String name, Optional<String> holder, List<String> events, OptionalLong generation) {
        public AcknowledgeEvents {
            events = List.copyOf(events);
        }
    }

    /** Gives a lease back before its time, so that what it was for is given to somebody else at once. */
    public static final Ask<ReleaseSubscription, SubscriptionInfo> RELEASE_SUBSCRIPTION =
            new Ask<>("subscription.release.subscription", ReleaseSubscription.class, SubscriptionInfo.class);

    /**
     * What to give back; a consumer that waits for events does so no longer.
     *
     * @param holder whose lease; empty for the one of a consumer without a name
     * @param events ids of events whose keys are given back, where consumers share it; all of them if empty
     */
    public record ReleaseSubscription(Hash chain, String name, Optional<String> holder, Optional<List<String>> events) {
        public ReleaseSubscription {
            events = events.map(List::copyOf);
        }
    }

    public static final Ask<FindDeadLetters, DeadLetters> FIND_DEAD_LETTERS =
            new Ask<>("subscription.find.dead.letters", FindDeadLetters.class, DeadLetters.class);

    /** Those behind a number. */
    public record FindDeadLetters(Hash chain, String name, long after, int countMax) {}

    public record DeadLetters(List<DeadLetter> letters) {
        public DeadLetters {
            letters = List.copyOf(letters);
        }
    }

    /**
     * An event that could not be delivered.
     *
     * @param at when it was given up, in milliseconds since 1970
     */
    public record DeadLetter(
            long number, String event, long index, Optional<Hash> transaction, long attempts, String error, long at) {}

    /** Delivers a dead letter once more, and removes it when it was taken. */
    public static final Ask<RetryDeadLetter, DeadLetter> RETRY_DEAD_LETTER =
            new Ask<>("subscription.retry.dead.letter", RetryDeadLetter.class, DeadLetter.class);

    public record RetryDeadLetter(Hash chain, String name, long number) {}

    /** A subscription stopped by itself. */
    public static final Topic<SubscriptionDisabled> SUBSCRIPTION_DISABLED =
            new Topic<>("subscription.subscription.disabled", SubscriptionDisabled.class);

    public record SubscriptionDisabled(Hash chain, String name, String error) {}

    // 25. http -> projection: a chain as tables.
    /** Keeps a chain as tables from now on, or by another mapping than so far. */
    public static final Ask<PutProjection, ProjectionPut> PUT_PROJECTION =
            new Ask<>("projection.put.projection", PutProjection.class, ProjectionPut.class);

    /**
     * A projection as it is to be.
     *
     * @param mapping the JSON text, as it came
     */
    public record PutProjection(String name, Bytes mapping) {}

    /** How it stands now, and whether there was none of this name. */
    public record ProjectionPut(ProjectionState state, boolean created) {}

    /** All projections of this node, in the order of their names. */
    public static final Ask<FindProjections, Projections> FIND_PROJECTIONS =
            new Ask<>("projection.find.projections", FindProjections.class, Projections.class);

    public record FindProjections() {}

    public record Projections(List<ProjectionState> projections) {
        public Projections {
            projections = List.copyOf(projections);
        }
    }

    /** One projection, if wanted not before it has come so far. */
    public static final Ask<FindProjection, ProjectionState> FIND_PROJECTION =
            new Ask<>("projection.find.projection", FindProjection.class, ProjectionState.class);

    /**
     * Which one.
     *
     * @param at the leaf, or the transaction, that its tables are to have; refused as {@code PROJECTION_BEHIND} after
     *     that patience
     */
    public record FindProjection(String name, Optional<ReadPoint> at, Duration patience) {
        /** As it is now. */
        public FindProjection(String name) {
            this(name, Optional.empty(), Duration.ZERO);
        }
    }

    /** What a reader has seen elsewhere, and wants to see here. */
    public sealed interface ReadPoint {
        record Leaf(long index) implements ReadPoint {}

        record OfTransaction(Hash id) implements ReadPoint {}
    }

    /** Ends a projection, its tables with it where they are in the data directory or {@code tables} says so. */
    public static final Ask<DropProjection, DroppedProjection> DROP_PROJECTION =
            new Ask<>("projection.drop.projection", DropProjection.class, DroppedProjection.class);

    public record DropProjection(String name, boolean tables) {}

    public record DroppedProjection(String name) {}

    /** What an operator does with a projection. */
    public static final Ask<SteerProjection, ProjectionState> STEER_PROJECTION =
            new Ask<>("projection.steer.projection", SteerProjection.class, ProjectionState.class);

    public record SteerProjection(String name, ProjectionAction action) {}

    /**
     * PAUSE, RESUME; REBUILD beside the present tables; VERIFY them against the chain, or CANCEL_VERIFY; RETRY_DEAD
     * rows that were kept aside, by a rebuild where rows can be taken away.
     */
    public enum ProjectionAction {
        PAUSE,
        RESUME,
        REBUILD,
        VERIFY,
        CANCEL_VERIFY,
        RETRY_DEAD
    }

    /** What a projection is doing. */
    public enum ProjectionStatus {
        /** It has not reached its database yet. */
        STARTING,
        /** Its chain is not on this node. */
        WITHOUT_CHAIN,
        /** Another node keeps these tables at present. */
        WAITING,
        /** It follows its chain. */
        FOLLOWING,
        /** Its database failed, and is tried again. */
        RETRYING,
        PAUSED,
        /** A transaction does not fit its mapping. */
        STOPPED
    }

    /**
     * How a projection stands.
     *
     * @param chain the id of its chain, once it is known
     * @param chainName as the mapping names it
     * @param from where it reads up to: what is final, or the head
     * @param target {@code embedded} or {@code postgresql}
     * @param schema the schema of its tables
     * @param mapping its canonical JSON, with every default written out
     * @param mappingHash of that
     * @param leaf how many transactions its tables have, which is the leaf index of the next
     * @param height of the last quant that they have a part of, -1 before the first
     * @param quant the hash of that
     * @param lagTransactions how many more the chain has that may be projected
     * @param lagMillis since when the oldest of them is there; 0 if there is none
     * @param rows of each table
     * @param dead transactions that were kept aside
     * @param written rows that were written since the start, those of rebuilds too
     * @param error why it does not go on, or did not last; pointers are into the payload
     * @param errors how often its database failed since the start
     * @param rebuild how far other tables are that will take the place of these
     * @param verification the last comparison with the chain
     */
    public record ProjectionState(
            String name,
            ProjectionStatus status,
            Optional<Hash> chain,
            String chainName,
            String from,
            String target,
            String schema,
            Bytes mapping,
            Hash mappingHash,
            long leaf,
            long height,
            Optional<Hash> quant,
            long lagTransactions,
            long lagMillis,
            SortedMap<String, Long> rows,
            long dead,
            long written,
            Optional<ProjectionError> error,
            long errors,
            Optional<RebuildState> rebuild,
            Optional<VerifyState> verification) {
        public ProjectionState {
            rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
        }
    }

    /**
     * Why a projection does not go on.
     *
     * @param leaf which transaction it is about
     * @param transaction its id
     * @param at milliseconds since 1970
     */
    public record ProjectionError(Refusal refusal, OptionalLong leaf, Optional<Hash> transaction, long at) {}

    /** How far a rebuild is, 0 to 1. */
    public record RebuildState(double ratio, long leaf, String reason) {}

    /**
     * What comparing the tables with the chain has found.
     *
     * @param leaf how many transactions were compared, of {@code leaves}
     * @param changed rows that say something else than the chain
     * @param added rows that the chain knows nothing of
     * @param removed rows that are missing
     * @param found the first of them, by name
     */
    public record VerifyState(
            VerifyStep step,
            long leaf,
            long leaves,
            long startedAt,
            Optional<Long> finishedAt,
            long changed,
            long added,
            long removed,
            List<RowDifference> found,
            Optional<Refusal> failure) {
        public VerifyState {
            found = List.copyOf(found);
        }
    }

    public enum VerifyStep {
        RUNNING,
        DONE,
        CANCELLED,
        FAILED
    }

    /**
     * A row that is not as the chain has it.
     *
     * @param kind {@code changed}, {@code added} or {@code removed}
     * @param key the row's key: the leaf and the number in it, or the key's text
     * @param columns which columns differ
     */
    public record RowDifference(String table, String kind, String key, List<String> columns) {
        public RowDifference {
            columns = List.copyOf(columns);
        }
    }

    /** What was kept aside of a projection, from a leaf on. */
    public static final Ask<FindDead, DeadRows> FIND_DEAD =
            new Ask<>("projection.find.dead", FindDead.class, DeadRows.class);

    public record FindDead(String name, long fromLeaf, int countMax) {}

    public record DeadRows(List<DeadRow> dead) {
        public DeadRows {
            dead = List.copyOf(dead);
        }
    }

    /** A transaction that did not fit a table. */
    public record DeadRow(long leaf, Hash transaction, String table, String pointer, String reason) {}

    /** Rows of a table, as JSON objects. */
    public static final Ask<FindRows, Rows> FIND_ROWS = new Ask<>("projection.find.rows", FindRows.class, Rows.class);

    /**
     * Which rows.
     *
     * @param equal columns and the texts that they must equal
     * @param order a column; empty for the order of the keys
     * @param after where to go on, as an answer said; empty to begin
     * @param at what the tables must have before they are read
     */
    public record FindRows(
            String name,
            String table,
            Map<String, String> equal,
            String order,
            boolean descending,
            String after,
            int limit,
            Optional<ReadPoint> at,
            Duration patience) {
        public FindRows {
            equal = Map.copyOf(equal);
        }
    }

    /**
     * Rows, each a JSON object.
     *
     * @param next where to go on; empty when there are no more
     * @param leaf what the tables have
     */
    public record Rows(List<Bytes> rows, Optional<String> next, long leaf) {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /** All that led to a row of a table with keys, oldest first. */
    public static final Ask<FindHistory, Rows> FIND_HISTORY =
            new Ask<>("projection.find.history", FindHistory.class, Rows.class);

    /** Which row's; {@code only} its present state, as an answer of one row. */
    public record FindHistory(
            String name,
            String table,
            String key,
            boolean only,
            String after,
            int limit,
            Optional<ReadPoint> at,
            Duration patience) {}

    /** Asks the tables in SQL, reading alone. */
    public static final Ask<QueryTables, QueryAnswer> QUERY_TABLES =
            new Ask<>("projection.query.tables", QueryTables.class, QueryAnswer.class);

    /**
     * A query.
     *
     * @param parameters a JSON array
     * @param ticket by which {@link #QUERY_ABANDONED} names it
     */
    public record QueryTables(
            String name,
            String sql,
            Bytes parameters,
            int limit,
            Optional<ReadPoint> at,
            Duration patience,
            String ticket) {}

    /** Nobody waits for the answer to a query any more: it is cancelled if it is under way, and otherwise not begun. */
    public static final Topic<AbandonedQuery> QUERY_ABANDONED =
            new Topic<>("projection.query.abandoned", AbandonedQuery.class);

    /** Which query. */
    public record AbandonedQuery(String ticket) {}

    /** The answer; each row a JSON array; {@code more} if the limit cut it. */
    public record QueryAnswer(List<QueryColumn> columns, List<Bytes> rows, boolean more, long leaf) {
        public QueryAnswer {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    public record QueryColumn(String name, String type) {}
}
