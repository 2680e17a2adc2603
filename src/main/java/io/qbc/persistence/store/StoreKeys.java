package io.qbc.persistence.store;

import io.qbc.model.Hash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Makes the store's keys and reads the numbers in them, all big-endian so that they sort as numbers. */
public final class StoreKeys {
    public static final int CHAIN_BYTES = 4;
    static final int NUMBERED_BYTES = CHAIN_BYTES + Long.BYTES;
    public static final int SCOPED_BYTES = CHAIN_BYTES + Hash.BYTES + Long.BYTES;
    public static final int ASIDE_BYTES = 1 + CHAIN_BYTES + Long.BYTES + Hash.BYTES;
    private static final byte[] FORMAT = {'f'};
    /** Behind the keys of all other rows, so that no walk over those passes it. */
    private static final byte[] GROUP = {'~', 'g', 'r', 'o', 'u', 'p'};

    private static final byte[] STORE_ID = {'~', 'i', 'd'};

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private StoreKeys() {}

    /** Where the store's format stands. */
    public static byte[] format() {
        return FORMAT.clone();
    }

    /** Where the number of the last group of writes stands, which is written with each of them. */
    static byte[] group() {
        return GROUP.clone();
    }

    /** Where the id stands that the store has in common with the file of its acknowledgements. */
    static byte[] storeId() {
        return STORE_ID.clone();
    }

    /** Where it stands that the store has a space that those of before may lack. */
    static byte[] has(ColumnFamily later) {
        byte[] name = later.family();
        byte[] key = new byte[1 + name.length];
        key[0] = GROUP[0];
        System.arraycopy(name, 0, key, 1, name.length);
        return key;
    }

    /** Whether a key of {@link ColumnFamily#META} is of the store itself, which has such rows from its beginning. */
    public static boolean own(byte[] key) {
        return key[0] == GROUP[0];
    }

    /** Where the registry has a chain. */
    public static byte[] registered(int chain) {
        return meta('c', chain);
    }

    /** Where a chain's watermark stands. */
    public static byte[] watermark(int chain) {
        return meta('w', chain);
    }

    /** Where the highest height stands that was ever final in a chain. */
    public static byte[] agreed(int chain) {
        return meta('h', chain);
    }

    /** Where the height stands below which quants aside were let go. */
    public static byte[] pruned(int chain) {
        return meta('l', chain);
    }

    /** Before all rows of a chain's quants aside at a height and above. */
    public static byte[] asides(int chain, long height) {
        byte[] key = new byte[ASIDE_BYTES - Hash.BYTES];
        key[0] = 'a';
        INT.set(key, 1, chain);
        LONG.set(key, 1 + CHAIN_BYTES, height);
        return key;
    }

    /** Where it stands that a quant is aside. */
    public static byte[] aside(int chain, long height, Hash hash) {
        byte[] key = Arrays.copyOf(asides(chain, height), ASIDE_BYTES);
        hash.write(key, ASIDE_BYTES - Hash.BYTES);
        return key;
    }

    /** Where it stands that a chain is frozen. */
    public static byte[] frozen(int chain) {
        return meta('z', chain);
    }

    /** Where it stands that a chain came from a peer, and nobody here made it; with a value, that it has no name. */
    public static byte[] foreign(int chain) {
        return meta('y', chain);
    }

    /** Where the registry has what is left of a dropped chain for its forks. */
    public static byte[] retained(int chain) {
        return meta('g', chain);
    }

    /** Where it stands that data of a dropped chain is still to be deleted. */
    public static byte[] leaving(int chain) {
        return meta('d', chain);
    }

    /** Where a fork has its parent's number. */
    public static byte[] parent(int chain) {
        return meta('p', chain);
    }

    /** Where the signing record of this node's key stands, under the chain's id, since it outlives the chain's data. */
    public static byte[] signingRecord(Hash chain) {
        byte[] key = new byte[1 + Hash.BYTES];
        key[0] = 'k';
        chain.write(key, 1);
        return key;
    }

    /** The chain number in a key of {@link ColumnFamily#META}. */
    public static int registered(byte[] key) {
        return (int) INT.get(key, 1);
    }

    /** Before all keys of a chain. */
    public static byte[] begin(int chain) {
        byte[] key = new byte[CHAIN_BYTES];
        INT.set(key, 0, chain);
        return key;
    }

    /** chain ‖ number. */
    public static byte[] numbered(int chain, long number) {
        byte[] key = new byte[NUMBERED_BYTES];
        INT.set(key, 0, chain);
        LONG.set(key, CHAIN_BYTES, number);
        return key;
    }

    /** chain ‖ hash. */
    public static byte[] hashed(int chain, Hash hash) {
        byte[] key = new byte[CHAIN_BYTES + Hash.BYTES];
        INT.set(key, 0, chain);
        hash.write(key, CHAIN_BYTES);
        return key;
    }

    /** chain ‖ scope ‖ sequence. */
    public static byte[] scoped(int chain, Hash scope, long sequence) {
        byte[] key = new byte[SCOPED_BYTES];
        INT.set(key, 0, chain);
        scope.write(key, CHAIN_BYTES);
        LONG.set(key, CHAIN_BYTES + Hash.BYTES, sequence);
        return key;
    }

    public static int chain(byte[] key) {
        return (int) INT.get(key, 0);
    }

    public static byte[] number(long value) {
        byte[] bytes = new byte[Long.BYTES];
        LONG.set(bytes, 0, value);
        return bytes;
    }

    public static long number(byte[] bytes, int offset) {
        if (offset > bytes.length - Long.BYTES) {
            throw StoreException.corrupt("a stored number has " + (bytes.length - offset) + " bytes");
        }
        return (long) LONG.get(bytes, offset);
    }

    private static byte[] meta(char kind, int chain) {
        byte[] key = new byte[1 + CHAIN_BYTES];
        key[0] = (byte) kind;
        INT.set(key, 1, chain);
        return key;
    }
}
