package io.qbc.suites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ed25519 in other projects' test data")
class SignatureSuitesTest {
    private static final int CCTV_COUNT = 914;
    private static final int WYCHEPROOF_COUNT = 151;

    /** Every vector has an R or a key that is not canonical or not of prime order: each is a corner to refuse. */
    @Test
    @DisplayName("C2SP/CCTV: points of small order, with parts of it, and other encodings are refused")
    void cctv() {
        SoftAssertions all = new SoftAssertions();
        int count = 0;
        for (JsonNode vector : Suites.json("ed25519/cctv.json")) {
            boolean valid = Ed25519.VERIFIER.verify(
                    hex(vector, "key"),
                    Bytes.utf8(vector.get("msg").textValue()).toArray(),
                    hex(vector, "sig"));
            all.assertThat(valid)
                    .as(vector.toString())
                    .isEqualTo(vector.get("flags").isEmpty());
            count++;
        }
        all.assertAll();
        assertThat(count).isEqualTo(CCTV_COUNT);
    }

    @Test
    @DisplayName("C2SP/wycheproof: the same verdict on each")
    void wycheproof() {
        SoftAssertions all = new SoftAssertions();
        int count = 0;
        for (JsonNode group : Suites.json("ed25519/wycheproof.json").get("testGroups")) {
            Bytes key = hex(group.get("publicKey"), "pk");
            for (JsonNode vector : group.get("tests")) {
                boolean valid = Ed25519.VERIFIER.verify(key, hex(vector, "msg").toArray(), hex(vector, "sig"));
                all.assertThat(valid)
                        .as(vector.toString())
                        .isEqualTo(vector.get("result").textValue().equals("valid"));
                count++;
            }
        }
        all.assertAll();
        assertThat(count).isEqualTo(WYCHEPROOF_COUNT);
    }

    private static Bytes hex(JsonNode vector, String field) {
        return Bytes.hex(vector.get(field).textValue());
    }
}
