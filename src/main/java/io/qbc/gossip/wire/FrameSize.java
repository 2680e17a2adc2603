package io.qbc.gossip.wire;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Range;
import io.qbc.protocol.message.Message.Supply;
import java.util.List;

/** How much room a frame needs before it is written. */
final class FrameSize {
    private FrameSize() {}

    /** About how long the frame will be; one that has to grow is copied each time. */
    static int of(Message message) {
        long size = 256;
        if (message instanceof Supply m) {
            size += bytes(m.transactions());
        } else if (message instanceof Range m) {
            for (Part part : m.parts()) {
                int cut = part.compactQuant().ids().size() - part.transactions().size();
                size += 512 + (long) Hash.BYTES * cut + bytes(part.transactions());
            }
        }
        return (int) Math.min(size, 1 << 28);
    }

    private static long bytes(List<Transaction> transactions) {
        long size = 0;
        for (Transaction transaction : transactions) {
            size += 4 + transaction.encoded().size();
        }
        return size;
    }
}
