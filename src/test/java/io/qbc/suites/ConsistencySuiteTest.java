package io.qbc.suites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.merkle.Consistency;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Consistency proofs of transparency-dev/merkle")
class ConsistencySuiteTest {
    private static final int FILES = 98;
    /** Its roots are words instead of hashes, which a {@link Hash} cannot be. */
    private static final String WITHOUT_HASHES = "sizes-are-equal-one-and-proof-is-empty.json";

    @Test
    @DisplayName("hold and fail as there")
    void proofs() throws IOException {
        SoftAssertions all = new SoftAssertions();
        Path root = Suites.path("merkle/consistency");
        List<Path> files;
        try (Stream<Path> walked = Files.walk(root)) {
            files = walked.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (file.endsWith(WITHOUT_HASHES)) {
                continue;
            }
            JsonNode vector = Suites.json("merkle/consistency/" + root.relativize(file));
            all.assertThat(proves(vector))
                    .as("%s: %s", file, vector)
                    .isNotEqualTo(vector.get("wantErr").booleanValue());
        }
        all.assertAll();
        assertThat(files).hasSize(FILES);
    }

    /** Where the project has no such proof, of an empty tree or of values that are no hashes, nothing is proven. */
    private static boolean proves(JsonNode vector) {
        List<Hash> path = new ArrayList<>();
        for (JsonNode node : vector.get("proof")) {
            Optional<Hash> hash = hash(node);
            if (hash.isEmpty()) {
                return false;
            }
            path.add(hash.get());
        }
        Optional<Hash> older = hash(vector.get("root1"));
        Optional<Hash> newer = hash(vector.get("root2"));
        long size = vector.get("size1").longValue();
        return older.isPresent()
                && newer.isPresent()
                && size >= 1
                && size <= vector.get("size2").longValue()
                && new Consistency(size, vector.get("size2").longValue(), path).proves(older.get(), newer.get());
    }

    private static Optional<Hash> hash(JsonNode text) {
        byte[] bytes = Base64.getDecoder().decode(text.isNull() ? "" : text.textValue());
        return Optional.of(bytes)
                .filter(hash -> hash.length == Hash.BYTES)
                .map(hash -> new Decoder(Bytes.wrap(hash)).hash());
    }
}
