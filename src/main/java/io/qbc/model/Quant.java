package io.qbc.model;

import java.util.List;

/** A whole quant: header, seals and transactions in order. */
public record Quant(Header header, List<Seal> seals, List<Transaction> transactions) {
    public Quant {
        seals = List.copyOf(seals);
        transactions = List.copyOf(transactions);
    }

    public CompactQuant compactQuant() {
        return new CompactQuant(
                header, seals, transactions.stream().map(Transaction::id).toList());
    }
}
