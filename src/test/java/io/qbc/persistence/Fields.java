package io.qbc.persistence;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Header;

/** A header whose fields a test may change one by one. */
final class Fields {
    private final Header base;
    private int version;
    private Hash chain;
    private long height;
    private long timestamp;
    private long treeSize;
    private Hash root;
    private int count;
    private Bytes producer;
    private Bytes consensus;

    Fields(Header base) {
        this.base = base;
        version = base.version();
        chain = base.chain();
        height = base.height();
        timestamp = base.timestamp();
        treeSize = base.treeSize();
        root = base.root();
        count = base.count();
        producer = base.producer();
        consensus = base.consensus();
    }

    Fields version(int value) {
        version = value;
        return this;
    }

    Fields chain(Hash value) {
        chain = value;
        return this;
    }

    Fields height(long value) {
        height = value;
        return this;
    }

    Fields timestamp(long value) {
        timestamp = value;
        return this;
    }

    Fields treeSize(long value) {
        treeSize = value;
        return this;
    }

    Fields root(Hash value) {
        root = value;
        return this;
    }

    Fields count(int value) {
        count = value;
        return this;
    }

    Fields producer(Bytes value) {
        producer = value;
        return this;
    }

    Fields consensus(Bytes value) {
        consensus = value;
        return this;
    }

    Header header() {
        return new Header(
                version,
                chain,
                height,
                timestamp,
                base.previous(),
                treeSize,
                root,
                count,
                producer,
                consensus,
                base.proof());
    }
}
