package io.qbc.sim;

import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import java.util.List;

/** What nodes of the simulator say to each other. */
sealed interface Mail {
    /** The sender has these transactions. */
    record Announce(List<Hash> ids) implements Mail {}

    /** The sender would have these transactions. */
    record Ask(List<Hash> ids) implements Mail {}

    record Supply(List<Transaction> transactions) implements Mail {}

    /** A quant, with as many of its transactions as the sender thinks fit. */
    record Offer(Part part) implements Mail {}

    /** The sender misses transactions of a quant that was offered. */
    record Lack(Hash quant, List<Hash> ids) implements Mail {}

    /** The sender's head. */
    record Told(Head head) implements Mail {}

    /** The sender would have what comes after the first of these quants that is known. */
    record Follow(List<Hash> locator) implements Mail {}

    record Range(List<Part> parts, Head head) implements Mail {}

    /** A quant with some of its transactions. */
    record Part(Outline outline, List<Transaction> transactions) {}

    /** A word for the log. */
    default String word() {
        if (this instanceof Offer offer) {
            return "offer " + offer.part().outline().header().hash().a();
        }
        if (this instanceof Told told) {
            return "told " + told.head().hash().a();
        }
        return getClass().getSimpleName();
    }
}
