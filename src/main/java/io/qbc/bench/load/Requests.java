package io.qbc.bench.load;

/** One kind of HTTP request, written afresh for every send. */
public interface Requests {
    /** The most bytes that one takes. */
    int bytesMax();

    /** Writes the n-th request at the array's beginning and returns its size. */
    int write(long n, byte[] into);

    /** The same request every time. */
    static Requests fixed(String text) {
        byte[] bytes = Http.ascii(text);
        return new Requests() {
            @Override
            public int bytesMax() {
                return bytes.length;
            }

            @Override
            public int write(long n, byte[] into) {
                System.arraycopy(bytes, 0, into, 0, bytes.length);
                return bytes.length;
            }
        };
    }
}
