package io.qbc.config;

import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Files that a node wrote in earlier runs. Loading the object mapper for them would take a fifth of a start. */
public final class StoredJson {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 8);

    private StoredJson() {}

    /**
     * The members of the object in a file: maps, lists, strings, longs, decimals and booleans. Blocks.
     *
     * @throws IOException if the file cannot be read or has something else in it
     */
    public static Map<String, Object> read(Path file) throws IOException {
        Bytes text = Bytes.wrap(Files.readAllBytes(file));
        Optional<JsonFault> fault = StrictJson.check(text, LIMITS);
        if (fault.isPresent()) {
            throw new IOException(file + " is damaged: " + fault.get());
        }
        if (JsonTree.read(text) instanceof Map<?, ?> members) {
            Map<String, Object> named = new LinkedHashMap<>();
            members.forEach((name, value) -> named.put(name.toString(), value));
            return named;
        }
        throw new IOException(file + " is damaged: an object is expected");
    }
}
