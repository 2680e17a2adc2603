package io.qbc.bench.load;

import java.util.Optional;
import java.util.SplittableRandom;

/** Made-up order events of one size; no two are alike, so that nothing is gained by repetition or compression. */
public final class Payloads {
    public static final int BODY_BYTES_MIN = 120;
    private static final int KINDS = 256;
    private static final String HEAD = "{\"data\":{\"order\":\"";
    private static final String END = "\"}}";
    private static final int DIGITS = 16;
    private static final byte[] HEX = Http.ascii("0123456789abcdef");

    private final byte[][] kinds = new byte[KINDS][];

    /**
     * One instance.
     *
     * @param size bytes of one body, braces and all
     */
    public Payloads(int size) {
        this(size, END);
    }

    /** The same with a type, which takes part of the size. */
    public static Payloads typed(int size, String type) {
        return new Payloads(size, "\"},\"type\":\"" + type + "\"}");
    }

    private Payloads(int size, String end) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KINDS; i++) {
            String start = HEAD + "0".repeat(DIGITS) + "\",\"customer\":\"c-" + (100_000 + random.nextInt(900_000))
                    + "\",\"amount\":\"" + (10 + random.nextInt(90)) + ".50\",\"note\":\"";
            StringBuilder text = new StringBuilder(start);
            while (text.length() < size - end.length()) {
                text.append((char) HEX[random.nextInt(HEX.length)]);
            }
            kinds[i] = Http.ascii(text.append(end).toString());
        }
    }

    public int size() {
        return kinds[0].length;
    }

    /** Writes the n-th body at {@code at} and returns where it ends. */
    public int write(long n, byte[] into, int at) {
        byte[] kind = kinds[(int) (n & (KINDS - 1))];
        System.arraycopy(kind, 0, into, at, kind.length);
        int digit = at + HEAD.length() + DIGITS;
        for (long rest = n; rest != 0; rest >>>= 4) {
            into[--digit] = HEX[(int) (rest & 15)];
        }
        return at + kind.length;
    }

    /** One request a transaction. */
    public Requests single() {
        return single(Optional.empty());
    }

    /** The same from a caller with an API key. */
    public Requests single(Optional<String> key) {
        byte[] head = Http.ascii(Http.post(Http.TRANSACTIONS, "application/json", size(), key));
        return new Requests() {
            @Override
            public int bytesMax() {
                return head.length + size();
            }

            @Override
            public int write(long n, byte[] into) {
                System.arraycopy(head, 0, into, 0, head.length);
                return Payloads.this.write(n, into, head.length);
            }
        };
    }

    /** Newline-delimited batches of so many transactions. */
    public Requests batches(int lines) {
        byte[] head = Http.ascii(Http.post(Http.TRANSACTIONS, "application/x-ndjson", lines * (size() + 1)));
        return new Requests() {
            @Override
            public int bytesMax() {
                return head.length + lines * (size() + 1);
            }

            @Override
            public int write(long n, byte[] into) {
                System.arraycopy(head, 0, into, 0, head.length);
                int at = head.length;
                for (int i = 0; i < lines; i++) {
                    at = Payloads.this.write(n * lines + i, into, at);
                    into[at++] = '\n';
                }
                return at;
            }
        };
    }
}
