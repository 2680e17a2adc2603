package sample;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.answer.InjectResult;
import io.qbc.client.request.AuthorKey;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TransactionRequest;
import io.qbc.outbox.Outbox;

/** A program that calls a node. */
public final class Program {
    private Program() {}

    /** The node's address. */
    public static void main(String[] args) {
        Outbox outbox = Outbox.table("outbox");
        try (BlockingQbcClient client = BlockingQbcClient.connect(ClientOptions.of(args[0]))) {
            InjectResult result = client.inject(
                    "main", TransactionRequest.json("{\"n\":1}").withKey("once").signedBy(AuthorKey.fresh()));
            client.leap("main");
            System.out.println(client.findTransaction("main", result.id()).orElseThrow().state() + " "
                    + outbox.definition().size());
        }
    }
}
