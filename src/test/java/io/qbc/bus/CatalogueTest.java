package io.qbc.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void anAddressIsTheStageThatServesItAndTheNameOfTheMessage() throws Exception {
        List<String> addresses = new ArrayList<>();
        for (Field field : Catalogue.class.getDeclaredFields()) {
            String address = address(field.get(null));
            String name = field.getName().toLowerCase(Locale.ROOT).replace('_', '.');
            assertThat(address)
                    .isIn(
                            "mining." + name,
                            "persistence." + name,
                            "gossip." + name,
                            "subscription." + name,
                            "projection." + name);
            addresses.add(address);
        }
        assertThat(addresses).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    }

    private static String address(Object message) {
        return message instanceof Ask<?, ?> ask ? ask.address() : ((Topic<?>) message).address();
    }
}
