package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.stream.Collectors;

/** A list of public keys in a sentence. */
public final class KeyList {
    private static final int KEYS_MAX = 8;

    private KeyList() {}

    /** The first keys in hexadecimal digits, and how many more there are. */
    public static String text(List<Bytes> keys) {
        String first = keys.stream().limit(KEYS_MAX).map(Bytes::hex).collect(Collectors.joining(", "));
        return keys.size() > KEYS_MAX ? first + " and " + (keys.size() - KEYS_MAX) + " more" : first;
    }
}
