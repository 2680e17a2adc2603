package io.qbc;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import java.util.function.Consumer;

/** A header to be changed field by field, for tests that break one rule at a time. */
public final class HeaderEdit {
    public int version;
    public Hash chain;
    public long height;
    public long timestamp;
    public Hash previous;
    public long treeSize;
    public Hash root;
    public int count;
    public Bytes producer;
    public Bytes consensus;
    public Bytes proof;

    private HeaderEdit(Header header) {
        version = header.version();
        chain = header.chain();
        height = header.height();
        timestamp = header.timestamp();
        previous = header.previous();
        treeSize = header.treeSize();
        root = header.root();
        count = header.count();
        producer = header.producer();
        consensus = header.consensus();
        proof = header.proof();
    }

    /** The header with a change to it; it is not sealed again. */
    public static Header of(Header header, Consumer<HeaderEdit> change) {
        HeaderEdit edit = new HeaderEdit(header);
        change.accept(edit);
        return edit.header();
    }

    private Header header() {
        return new Header(
                version, chain, height, timestamp, previous, treeSize, root, count, producer, consensus, proof);
    }
}
