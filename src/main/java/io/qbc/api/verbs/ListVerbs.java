package io.qbc.api.verbs;

import io.qbc.access.Caller;
import io.qbc.access.ScopedKey;
import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainView;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Criteria;
import io.qbc.bus.Catalogue.ListBounds;
import io.qbc.bus.Catalogue.ListPlace;
import io.qbc.bus.Catalogue.ListTransactions;
import io.qbc.bus.Catalogue.ListedTransactions;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Failure;
import io.qbc.ledger.Scope;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** The verb by which a chain's transactions are listed by key, type, author and time. */
public final class ListVerbs {
    private static final int PAGE_TRANSACTIONS = 100;
    private static final int PAGE_TRANSACTIONS_MAX = 1000;
    /** What is beside a transaction's payload in the answer. */
    private static final int MEMBERS_BYTES = 640;

    private static final int AUTHOR_DIGITS = 64;
    private static final byte[] TAG = "qbc/list/1".getBytes(StandardCharsets.US_ASCII);

    private final Bus bus;
    private final ChainDirectory chains;
    private final int stepsMax;

    ListVerbs(Bus bus, ChainDirectory chains, int stepsMax) {
        this.bus = bus;
        this.chains = chains;
        this.stepsMax = stepsMax;
    }

    /**
     * Which transactions are wanted, each criterion as the caller gives it.
     *
     * @param key an idempotency key: of the caller's own, or of the author's where there is one
     * @param order {@code oldest} or {@code newest}
     */
    public record Wanted(
            Optional<String> key,
            Optional<String> type,
            Optional<String> author,
            Optional<String> from,
            Optional<String> to,
            Optional<String> order) {}

    /**
     * How much of them.
     *
     * @param after what {@code next} of the page before says
     * @param bytesMax of transactions, but for the last one
     */
    public record Part(Optional<String> after, OptionalLong limit, long bytesMax) {}

    /** A page of transactions, each in the form in which it is answered alone. */
    public Future<Answer> list(Caller caller, String chain, Wanted wanted, Part part) {
        if (part.limit().isPresent() && part.limit().getAsLong() == 0) {
            throw invalid("limit must be at least 1");
        }
        Criteria criteria = criteria(caller, wanted);
        boolean newest = newest(wanted);
        int count = (int) Math.min(part.limit().orElse(PAGE_TRANSACTIONS), PAGE_TRANSACTIONS_MAX);
        ListBounds bounds = new ListBounds(count, part.bytesMax(), stepsMax);
        return chains.see(chain).compose(seen -> {
            long list = fingerprint(seen, criteria, newest);
            Optional<ListPlace> place = part.after().map(cursor -> place(cursor, list));
            ListTransactions ask = new ListTransactions(seen.id(), criteria, newest, place, seen.last(), bounds);
            return bus.ask(Catalogue.LIST_TRANSACTIONS, ask).map(page -> answer(seen.id(), page, list, caller.scope()));
        });
    }

    private static Answer answer(Hash chain, ListedTransactions page, long list, String scope) {
        int bytes = MEMBERS_BYTES;
        for (Located each : page.transactions()) {
            bytes +=
                    MEMBERS_BYTES + TransactionVerbs.transaction(each).encoded().size();
        }
        JsonBuffer out = new JsonBuffer(bytes).raw("{\"transactions\":[");
        boolean first = true;
        for (Located each : page.transactions()) {
            out.raw(first ? "" : ",");
            TransactionVerbs.write(out, chain, each, scope);
            first = false;
        }
        out.raw("]");
        page.next().ifPresent(place -> out.raw(",\"next\":").text(cursor(place, list)));
        return Answer.json(200, out.raw("}"));
    }

    private static Criteria criteria(Caller caller, Wanted wanted) {
        Optional<Bytes> author = wanted.author().map(ListVerbs::author);
        Optional<Bytes> type = wanted.type().map(Bytes::utf8);
        if (type.filter(text -> text.isEmpty() || text.size() > Transaction.TYPE_BYTES_MAX)
                .isPresent()) {
            throw invalid("a type has 1 to " + Transaction.TYPE_BYTES_MAX + " bytes");
        }
        Optional<Hash> scope = wanted.key().map(key -> scope(caller, key, author));
        OptionalLong from = time("from", wanted.from());
        OptionalLong to = time("to", wanted.to());
        if (from.isPresent() && to.isPresent() && from.getAsLong() > to.getAsLong()) {
            throw invalid("from must not be after to");
        }
        return new Criteria(scope, type, author, from, to);
    }

    /** What nobody signs belongs to its caller, what is signed to its author. */
    private static Hash scope(Caller caller, String text, Optional<Bytes> author) {
        Bytes key = Bytes.utf8(text);
        int most = author.isPresent() ? Transaction.KEY_BYTES_MAX : ScopedKey.bytesMax(caller.scope());
        if (key.isEmpty() || key.size() > most) {
            throw new Failure(Reason.KEY_INVALID, "a key has 1 to " + most + " bytes");
        }
        return author.map(signer -> Scope.of(signer, key))
                .orElseGet(() -> Scope.of(Bytes.EMPTY, ScopedKey.of(caller.scope(), key)));
    }

    private static Bytes author(String digits) {
        if (digits.length() != AUTHOR_DIGITS || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw invalid("author must be a public key in " + AUTHOR_DIGITS + " hexadecimal digits");
        }
        return Bytes.hex(digits);
    }

    private static OptionalLong time(String name, Optional<String> text) {
        return text.map(time -> OptionalLong.of(AnalyticsVerbs.time(name, time)))
                .orElseGet(OptionalLong::empty);
    }

    private static boolean newest(Wanted wanted) {
        return switch (wanted.order().orElse("oldest")) {
            case "oldest" -> false;
            case "newest" -> true;
            default -> throw invalid("order must be oldest or newest");
        };
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }

    /** What tells lists apart, so that a cursor of one is not taken for another's. */
    private static long fingerprint(ChainView chain, Criteria criteria, boolean newest) {
        Encoder out = new Encoder(512)
                .raw(TAG)
                .hash(chain.id())
                .u64(chain.last())
                .u8(newest ? 1 : 0)
                .hash(criteria.scope().orElse(Hash.ZERO))
                .bytes(criteria.type().orElse(Bytes.EMPTY))
                .bytes(criteria.author().orElse(Bytes.EMPTY))
                .u64(criteria.from().orElse(Long.MIN_VALUE))
                .u64(criteria.to().orElse(Long.MAX_VALUE));
        return Sha256.of(out.toArray()).a();
    }

    private static String cursor(ListPlace place, long list) {
        byte[] bytes = new Encoder(3 * Long.BYTES + Integer.BYTES)
                .u64(list)
                .u64(place.height())
                .u32(place.offset())
                .u64(place.anchor())
                .toArray();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ListPlace place(String cursor, long list) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw new Failure(Reason.CURSOR_INVALID, "after must be what next of the page before says");
        }
        Decoder in = new Decoder(Bytes.wrap(bytes));
        long of = in.u64();
        ListPlace place = new ListPlace(in.u64(), in.u32(), in.u64());
        if (!in.complete() || place.height() < 0 || place.offset() < 0) {
            throw new Failure(Reason.CURSOR_INVALID, "after must be what next of the page before says");
        }
        if (of != list) {
            throw new Failure(Reason.CURSOR_INVALID, "the cursor is of a list with other criteria, order or chain");
        }
        return place;
    }
}
