package io.qbc.persistence.chain;

import io.qbc.model.Encoder;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Which transactions of a quant have a type or an author, as rows of the {@link ColumnFamily#INDEX}: chain ‖ kind ‖
 * term ‖ height ‖ first offset in the quant -> runs of offsets. The rows follow from the quant alone, so that they can
 * be taken away again exactly when it leaves the chain.
 */
public final class Postings {
    public static final int TYPES = 1;
    public static final int AUTHORS = 2;
    public static final int KEY_BYTES = StoreKeys.CHAIN_BYTES + 1 + 2 * Long.BYTES + Integer.BYTES;

    private static final int TERM_AT = StoreKeys.CHAIN_BYTES + 1;
    private static final int HEIGHT_AT = TERM_AT + Long.BYTES;
    private static final int OFFSET_AT = HEIGHT_AT + Long.BYTES;
    /** So that one row is read fast, however many transactions a quant has. */
    private static final int ROW_RUNS_MAX = 256;

    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;

    private final long height;
    private final Map<Long, Runs> types = new HashMap<>();
    private final Map<Long, Runs> authors = new HashMap<>();
    private int count;

    public Postings(long height) {
        this.height = height;
    }

    /** The postings of a quant whose transactions have these terms, a type and an author for each. */
    public static Postings of(long height, long[] terms) {
        Postings postings = new Postings(height);
        for (int i = 0; i < terms.length; i += 2) {
            postings.add(terms[i], terms[i + 1]);
        }
        return postings;
    }

    /** The postings of a stored quant, whose transactions are read from the log. */
    public static Postings read(OpenChain chain, QuantRecord quant) {
        Postings postings = new Postings(quant.height());
        chain.owner(quant.height()).log().heads(quant.logRanges(), entry -> postings.add(entry.terms()));
        return postings;
    }

    /** Adds the quant's next transaction. */
    public void add(Terms terms) {
        add(terms.type(), terms.author());
    }

    private void add(long type, long author) {
        add(types, type);
        add(authors, author);
        count++;
    }

    private void add(Map<Long, Runs> runs, long term) {
        if (term != 0) {
            runs.computeIfAbsent(term, none -> new Runs()).add(count);
        }
    }

    /** Gives the rows as they stand under a chain's number, in the order of their keys. */
    public void rows(int chain, BiConsumer<byte[], byte[]> row) {
        rows(chain, TYPES, types, row);
        rows(chain, AUTHORS, authors, row);
    }

    private void rows(int chain, int kind, Map<Long, Runs> terms, BiConsumer<byte[], byte[]> row) {
        long[] ordered = terms.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(ordered);
        for (long term : ordered) {
            terms.get(term).rows(chain, kind, term, height, row);
        }
    }

    /** The key of the row that begins at an offset. */
    public static byte[] key(int chain, int kind, long term, long height, int offset) {
        return new Encoder(KEY_BYTES)
                .u32(chain)
                .u8(kind)
                .u64(term)
                .u64(height)
                .u32(offset)
                .toArray();
    }

    /** Whether a key is one of this term. */
    public static boolean isOf(byte[] key, int size, int chain, int kind, long term) {
        return size == KEY_BYTES
                && StoreKeys.chain(key) == chain
                && key[StoreKeys.CHAIN_BYTES] == kind
                && StoreKeys.number(key, TERM_AT) == term;
    }

    /** Whether a key is one of postings. */
    public static boolean isPosting(byte[] key, int size) {
        return size == KEY_BYTES && key[StoreKeys.CHAIN_BYTES] != 0;
    }

    public static long height(byte[] key) {
        return StoreKeys.number(key, HEIGHT_AT);
    }

    /** The first and the last offset of each run of a row, one after the other. */
    public static int[] runs(byte[] key, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        int[] runs = new int[2 * ROW_RUNS_MAX];
        int size = 0;
        int at = ByteBuffer.wrap(key).getInt(OFFSET_AT);
        while (in.hasRemaining()) {
            at += size == 0 ? 0 : varint(in) + 1;
            int last = at + varint(in);
            if (size == runs.length || at < 0 || last < at) {
                throw damaged();
            }
            runs[size++] = at;
            runs[size++] = last;
            at = last + 1;
        }
        if (size == 0) {
            throw damaged();
        }
        return Arrays.copyOf(runs, size);
    }

    private static StoreException damaged() {
        return StoreException.corrupt("a row of the index is damaged");
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; in.hasRemaining() && shift < Integer.SIZE; shift += VARINT_BITS) {
            int next = in.get();
            value |= (next & (VARINT_MORE - 1)) << shift;
            if ((next & VARINT_MORE) == 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static void varint(ByteBuffer out, int value) {
        int rest = value;
        while (rest >= VARINT_MORE) {
            out.put((byte) ((rest & (VARINT_MORE - 1)) | VARINT_MORE));
            rest >>>= VARINT_BITS;
        }
        out.put((byte) rest);
    }

    /** Offsets that follow each other, kept as the first and the last of each run. */
    private static final class Runs {
        private static final int VARINT_BYTES_MAX = 5;

        private int[] bounds = new int[2];
        private int size;

        void add(int offset) {
            if (size > 0 && bounds[size - 1] == offset - 1) {
                bounds[size - 1] = offset;
                return;
            }
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * size);
            }
            bounds[size++] = offset;
            bounds[size++] = offset;
        }

        void rows(int chain, int kind, long term, long height, BiConsumer<byte[], byte[]> row) {
            for (int from = 0; from < size; from += 2 * ROW_RUNS_MAX) {
                int end = Math.min(size, from + 2 * ROW_RUNS_MAX);
                row.accept(key(chain, kind, term, height, bounds[from]), value(from, end));
            }
        }

        private byte[] value(int from, int end) {
            ByteBuffer out = ByteBuffer.allocate((end - from) * VARINT_BYTES_MAX);
            for (int i = from; i < end; i += 2) {
                if (i > from) {
                    // Two runs have at least one offset between them.
                    varint(out, bounds[i] - bounds[i - 1] - 2);
                }
                varint(out, bounds[i + 1] - bounds[i]);
            }
            return Arrays.copyOf(out.array(), out.position());
        }
    }
}
