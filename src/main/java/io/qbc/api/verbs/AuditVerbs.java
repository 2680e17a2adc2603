package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.Leap;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Failure;
import io.qbc.json.JsonTree;
import io.qbc.model.AuditChain;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The verb by which the audit trail is read, the newest entry first. */
public final class AuditVerbs {
    private static final int PAGE_ENTRIES = 100;
    private static final int PAGE_ENTRIES_MAX = 1000;
    private static final int PIECE_ENTRIES = 100;
    private static final int PIECE_BYTES = 8 << 20;
    /** How much is looked at for one page, in which little of it may be wanted. */
    private static final int LOOKED_MAX = 5000;

    private static final Pattern PLACE = Pattern.compile("([0-9]{1,15})-([0-9]{1,9})");

    private final Bus bus;
    private final ChainDirectory chains;

    AuditVerbs(Bus bus, ChainDirectory chains) {
        this.bus = bus;
        this.chains = chains;
    }

    /**
     * Which entries are wanted.
     *
     * @param from milliseconds since 1970, as {@code to}
     * @param name of a caller or a key, or its id
     * @param operation its name, or that of an event
     */
    public record Wanted(OptionalLong from, OptionalLong to, Optional<String> name, Optional<String> operation) {
        private boolean matches(Map<?, ?> entry) {
            long time = entry.get("time") instanceof Long millis ? millis : 0;
            return time >= from.orElse(0)
                    && time <= to.orElse(Long.MAX_VALUE)
                    && is(name, entry, "name", "id", "keyName", "key")
                    && is(operation, entry, "operation", "event");
        }

        private static boolean is(Optional<String> wanted, Map<?, ?> entry, String... members) {
            return wanted.isEmpty()
                    || Stream.of(members).anyMatch(member -> wanted.get().equals(entry.get(member)));
        }
    }

    /** A place in the chain: before this transaction of the quant at this height. */
    private record Place(long height, int before) {
        /** Behind all transactions of a quant, and written in nine digits. */
        static final int END = 999_999_999;

        static Place parse(String text) {
            Matcher matcher = PLACE.matcher(text);
            if (!matcher.matches()) {
                throw new Failure(Reason.REQUEST_INVALID, "after must be what next of the page before says");
            }
            return new Place(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }

        String text() {
            return height + "-" + before;
        }
    }

    private record Entry(Transaction transaction, long height, long index) {}

    /**
     * A page of entries, the newest first, after what waits was sealed, so that all that is shown can be proved.
     *
     * @param after what {@code next} of the page before says
     */
    public Future<Answer> list(Wanted wanted, Optional<String> after, OptionalLong limit) {
        if (limit.isPresent() && limit.getAsLong() == 0) {
            throw new Failure(Reason.REQUEST_INVALID, "limit must be at least 1");
        }
        int most = (int) Math.min(limit.orElse(PAGE_ENTRIES), PAGE_ENTRIES_MAX);
        Optional<Place> place = after.map(Place::parse);
        return trail().compose(trail -> place.map(Future::succeededFuture)
                .orElseGet(() -> newest(trail))
                .compose(begin -> new Search(trail, wanted, most).from(begin)));
    }

    private Future<Hash> trail() {
        Failure none = new Failure(
                Reason.CHAIN_UNKNOWN, "this node has no audit trail; access.audit in its configuration begins one");
        return chains.find(AuditChain.NAME)
                .recover(
                        cause -> Future.failedFuture(Failure.of(cause).reason() == Reason.CHAIN_UNKNOWN ? none : cause))
                .compose(known ->
                        AuditChain.is(known.spec()) ? Future.succeededFuture(known) : Future.failedFuture(none))
                .map(Known::id);
    }

    /** The end of the chain. What waits comes into it before, if it can. */
    private Future<Place> newest(Hash trail) {
        return bus.ask(Catalogue.FIND_POOLS, new FindPools(List.of(trail)))
                .compose(pools -> pools.states().get(0).transactions() == 0
                        ? Future.succeededFuture()
                        : bus.ask(Catalogue.LEAP, new Leap(trail)).mapEmpty())
                .otherwiseEmpty()
                .compose(done -> bus.ask(Catalogue.FIND_QUANT, new FindQuant(trail, new QuantName.ByHead())))
                .map(found -> new Place(
                        found.quant().map(quant -> quant.header().height()).orElse(0L), Place.END));
    }

    /** A page as it is put together, a bounded piece at a time. */
    private final class Search {
        private final Hash trail;
        private final Wanted wanted;
        private final int most;
        private final List<Entry> entries = new ArrayList<>();
        private final Promise<Answer> answer = Promise.promise();
        private int looked;

        Search(Hash trail, Wanted wanted, int most) {
            this.trail = trail;
            this.wanted = wanted;
            this.most = most;
        }

        Future<Answer> from(Place begin) {
            step(begin);
            return answer.future();
        }

        private void step(Place at) {
            bus.ask(Catalogue.FIND_QUANT, new FindQuant(trail, new QuantName.ByHeight(at.height())))
                    .compose(found -> found.quant()
                            .filter(quant ->
                                    quant.header().timestamp() >= wanted.from().orElse(0))
                            .map(quant -> read(quant, at))
                            .orElseGet(() -> Future.succeededFuture(Optional.empty())))
                    .onSuccess(next -> {
                        if (next.isPresent() && entries.size() < most && looked < LOOKED_MAX) {
                            step(next.get());
                        } else {
                            answer.complete(shown(next));
                        }
                    })
                    .onFailure(answer::fail);
        }

        /** Takes what is wanted of the transactions before a place, and gives the place before them. */
        private Future<Optional<Place>> read(QuantHead quant, Place at) {
            long height = quant.header().height();
            int end = Math.min(at.before(), quant.header().count());
            int begin = Math.max(0, end - PIECE_ENTRIES);
            looked++;
            if (end == 0) {
                return Future.succeededFuture(before(height, 0));
            }
            ReadQuant ask = new ReadQuant(trail, quant.hash(), begin, PIECE_BYTES, end - begin);
            return bus.ask(Catalogue.READ_QUANT, ask).map(page -> {
                List<Transaction> piece = page.pieces().stream()
                        .flatMap(part -> part.transactions().stream())
                        .toList();
                if (piece.size() < end - begin) {
                    throw new Failure(Reason.INTERNAL, "an entry of the audit trail is too large to be shown");
                }
                for (int i = end - begin - 1; i >= 0; i--) {
                    looked++;
                    Transaction transaction = piece.get(i);
                    if (JsonTree.read(transaction.payload()) instanceof Map<?, ?> members && wanted.matches(members)) {
                        entries.add(new Entry(transaction, height, quant.firstIndex() + begin + i));
                    }
                    if (entries.size() == most) {
                        return before(height, begin + i);
                    }
                }
                return before(height, begin);
            });
        }

        private static Optional<Place> before(long height, int offset) {
            if (offset > 0) {
                return Optional.of(new Place(height, offset));
            }
            return height == 0 ? Optional.empty() : Optional.of(new Place(height - 1, Place.END));
        }

        private Answer shown(Optional<Place> next) {
            return Answer.object(
                    200,
                    out -> out.objects("entries", entries, AuditVerbs::entry).text("next", next.map(Place::text)));
        }
    }

    private static void entry(JsonWriter out, Entry entry) {
        out.hex("id", entry.transaction().id());
        out.number("height", entry.height());
        out.number("index", entry.index());
        out.json("entry", entry.transaction().payload());
    }
}
