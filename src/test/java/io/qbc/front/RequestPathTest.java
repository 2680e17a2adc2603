package io.qbc.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/node, -, -",
        "/v1/chains, -, -",
        "/v1/chains/orders, orders, -",
        "/v1/chains/orders/transactions/1, orders, -",
        "/v1/chains/orders@7/quants, orders, -",
        "/v1/chains/a%62c, abc, -",
        "/v1/chains/a+b, a+b, -",
        "/v1/chains/%zz, -, -",
        "/v1/chains/orders/subscriptions, orders, -",
        "/v1/chains/orders/subscriptions/s/fetch, orders, /v1/chains/orders/subscriptions/s",
        "/v1/projections, -, -",
        "/v1/projections/p/tables/t/rows, -, /v1/projections/p"
    })
    void whatAPathSaysOfWhoAnswers(String path, String chain, String kept) {
        RequestPath read = RequestPath.of(path);
        assertThat(read.chain().orElse("-")).isEqualTo(chain);
        assertThat(read.kept().orElse("-")).isEqualTo(kept);
    }
}
