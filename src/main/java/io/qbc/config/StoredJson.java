package io.qbc.config;

import io.qbc.json.JsonFault;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Files that a node wrote in earlier runs. Loading the object mapper for them would take a fifth of a start. The last
 * member is a checksum of all before it; a file of a version that wrote none is read as it is.
 */
public final class StoredJson {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 8);

    private static final String CHECKSUM = "checksum";
    private static final Pattern SEALED =
            Pattern.compile("(.*),\\s*\"" + CHECKSUM + "\" ?: \"([0-9a-f]{8})\"\\s*}\\s*", Pattern.DOTALL);

    private StoredJson() {}

    /** The text of an object with at least one member, with its checksum as a further one. */
    public static String sealed(String json) {
        String open = json.substring(0, json.lastIndexOf('}')).stripTrailing();
        return open + ",\n  \"" + CHECKSUM + "\" : \"" + checksum(open) + "\"\n}\n";
    }

    private static String checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /**
     * The members of the object in a file: maps, lists, strings, longs, decimals and booleans. Blocks.
     *
     * @throws DamagedFileException if it has something else in it
     * @throws IOException if the file cannot be read
     */
    public static Map<String, Object> read(Path file) throws IOException {
        Bytes text = Bytes.wrap(Files.readAllBytes(file));
        Optional<JsonFault> fault = StrictJson.check(text, LIMITS);
        if (fault.isPresent()) {
            throw new DamagedFileException(file, fault.get().toString());
        }
        Matcher sealed = SEALED.matcher(text.text());
        if (sealed.matches() && !checksum(sealed.group(1)).equals(sealed.group(2))) {
            throw new DamagedFileException(file, "its checksum is another one");
        }
        if (JsonTree.read(text) instanceof Map<?, ?> members) {
            Map<String, Object> named = new LinkedHashMap<>();
            members.forEach((name, value) -> named.put(name.toString(), value));
            if (sealed.matches()) {
                named.remove(CHECKSUM);
            }
            return named;
        }
        throw new DamagedFileException(file, "an object is expected");
    }
}
