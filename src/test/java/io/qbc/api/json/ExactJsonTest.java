package io.qbc.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ExactJsonTest {
    @Test
    void numbersKeepTheirValue() {
        JsonArray values = ExactJson.object(Bytes.utf8("{\"a\":[1,-2147483649,18446744073709551616,0.1,1e400,"
                        + "0.1000000000000000055,-0,1e10000,1.0]}"))
                .getJsonArray("a");
        assertThat(values)
                .containsExactly(
                        1,
                        -2147483649L,
                        new BigInteger("18446744073709551616"),
                        0.1,
                        new BigDecimal("1e400"),
                        new BigDecimal("0.1000000000000000055"),
                        -0.0,
                        "1e10000",
                        1.0);
    }

    @Test
    void everythingElseIsAsVertxReadsIt() {
        String text = "{\"a\":{\"b\":[[],{},null,true,false,\"x\\n\\u00e9\"]},\"c\":null,\"d\":[{\"e\":[1]}]}";
        assertThat(ExactJson.object(Bytes.utf8(text))).isEqualTo(new JsonObject(text));
    }
}
