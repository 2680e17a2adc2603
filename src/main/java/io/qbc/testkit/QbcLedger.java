package io.qbc.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The annotation of a test, or of a class of tests, each of which gets nodes of its own, in a directory that is deleted
 * after it. Its parameters may be a {@link LedgerNetwork}, the first {@link LedgerNode}, its
 * {@link io.qbc.client.QbcClient} or {@link io.qbc.client.BlockingQbcClient}, or the {@link LedgerClock}.
 *
 * <pre>{@code
 * @QbcLedger(chains = @LedgerChain("orders"))
 * class OrdersTest {
 *     @Test
 *     void anOrderIsKept(BlockingQbcClient client) {
 *         client.inject("orders", TransactionRequest.json("{\"n\":1}"));
 *         assertThat(client.leap("orders").count()).isEqualTo(1);
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(QbcLedgerExtension.class)
public @interface QbcLedger {
    /** How many nodes there are, peers of one another. */
    int nodes() default 1;

    /** The chains that all of them have, beside their default chain. */
    LedgerChain[] chains() default {};

    /** Settings of each node by their keys in {@code conf/node.yaml}, such as {@code pool.transactions=10}. */
    String[] settings() default {};
}
