package io.qbc.e2e;

import io.qbc.model.Body;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Seal;
import io.qbc.model.Transaction;
import java.util.stream.Collectors;

/** The REST form of quants and transactions, written by the test's own hand. */
final class Forms {
    private Forms() {}

    static String quant(Quant quant) {
        return quant(quant, quant.header().hash().hex());
    }

    /** The form with whatever is given as its hash. */
    static String quant(Quant quant, String hash) {
        Header h = quant.header();
        String seals = quant.seals().stream().map(Forms::seal).collect(Collectors.joining(","));
        StringBuilder transactions = new StringBuilder();
        long index = h.treeSize() - h.count();
        for (Transaction transaction : quant.transactions()) {
            transactions.append(transactions.isEmpty() ? "" : ",").append(transaction(transaction, index++));
        }
        return ("{'version':%d,'chain':'%s','height':%d,'timestamp':%d,'previous':'%s','treeSize':%d,'root':'%s',"
                                + "'count':%d,'producer':'%s','consensus':'%s','proof':'%s','hash':'%s','seals':[%s],")
                        .formatted(
                                h.version(),
                                h.chain(),
                                h.height(),
                                h.timestamp(),
                                h.previous(),
                                h.treeSize(),
                                h.root(),
                                h.count(),
                                h.producer(),
                                h.consensus(),
                                h.proof(),
                                hash,
                                seals)
                        .replace('\'', '"')
                + "\"transactions\":[" + transactions + "]}";
    }

    static String transaction(Transaction transaction, long index) {
        Body b = transaction.body();
        return ("{'id':'%s','index':%d,'version':%d,'timestamp':%d,'key':'%s','author':'%s','type':'%s','schema':%d,"
                                + "'commitment':'%s','length':%d,'salt':'%s','signature':'%s',")
                        .formatted(
                                transaction.id(),
                                index,
                                b.version(),
                                b.timestamp(),
                                b.key(),
                                b.author(),
                                b.type().text(),
                                b.schema(),
                                b.commitment(),
                                b.length(),
                                transaction.salt(),
                                transaction.signature())
                        .replace('\'', '"')
                + "\"data\":" + transaction.payload().text() + "}";
    }

    private static String seal(Seal seal) {
        return "{\"key\":\"" + seal.key() + "\",\"signature\":\"" + seal.signature() + "\"}";
    }
}
