package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the strict reader has passed is read, however long it is. */
class JsonTreeTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Test
    void namesAndNumbersMayBeAsLongAsTheStrictReaderLetsThem() {
        String name = "n".repeat(200_000);
        String digits = "7".repeat(JsonNumber.CHARS_MAX);
        Bytes text = Bytes.utf8("{\"" + name + "\":[" + digits + ",1e-9999]}");
        assertThat(StrictJson.checkBounded(text, LIMITS)).isEmpty();
        Object read = JsonTree.read(text);
        assertThat(read).isEqualTo(Map.of(name, List.of(new BigDecimal(digits), new BigDecimal("1e-9999"))));
        assertThat(JsonTree.read(Bytes.utf8(JsonTree.write(read)))).isEqualTo(read);
    }
}
