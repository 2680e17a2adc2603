package sample;

import io.qbc.Qbc;
import io.qbc.client.request.TransactionRequest;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** A program with a node inside. */
public final class Program {
    private Program() {}

    /** Where its data is. */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        Qbc node = Qbc.on(vertx).config("data", args[0]).config("port", 0).start().await(1, TimeUnit.MINUTES);
        node.client().inject("main", TransactionRequest.json("{\"n\":1}")).await(1, TimeUnit.MINUTES);
        System.out.println("sealed " + node.client().leap("main").await(1, TimeUnit.MINUTES).count());
        node.close().await(1, TimeUnit.MINUTES);
        vertx.close().await(1, TimeUnit.MINUTES);
    }
}
