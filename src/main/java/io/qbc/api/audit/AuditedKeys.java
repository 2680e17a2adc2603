package io.qbc.api.audit;

import io.qbc.access.KeyChange;
import io.qbc.access.KeyChange.KeyMark;
import io.qbc.access.KeyRing;
import io.qbc.access.KeyRingText;
import io.qbc.config.PrivateFile;
import io.qbc.config.StoredJson;
import io.qbc.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The file of the API keys as the audit trail knows them, {@code access-audited.json} in the data directory, so that
 * also those changes are told that were made while no node ran. Blocks.
 */
public final class AuditedKeys {
    private static final String NAME = "access-audited.json";
    private static final String KEYS = "keys";

    private final Path file;

    public AuditedKeys(Path data) {
        file = data.resolve(NAME);
    }

    /** What the trail does not know yet. */
    public List<KeyChange> changes(KeyRing ring) throws IOException {
        return KeyChange.between(read(), KeyRingText.marks(ring));
    }

    /** The trail knows all of these. */
    public void know(KeyRing ring) throws IOException {
        List<Map<String, Object>> keys = new ArrayList<>();
        for (KeyMark mark : KeyRingText.marks(ring)) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("id", mark.id());
            members.put("name", mark.name());
            members.put("roles", mark.roles());
            mark.expiresAt().ifPresent(at -> members.put("expires", at));
            members.put("mark", mark.mark());
            keys.add(members);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", 1L);
        document.put(KEYS, keys);
        PrivateFile.write(file, StoredJson.sealed(JsonTree.write(document)));
    }

    private List<KeyMark> read() throws IOException {
        List<KeyMark> marks = new ArrayList<>();
        if (Files.exists(file) && StoredJson.read(file).get(KEYS) instanceof List<?> keys) {
            for (Object key : keys) {
                if (key instanceof Map<?, ?> members) {
                    marks.add(mark(members));
                }
            }
        }
        return marks;
    }

    private static KeyMark mark(Map<?, ?> members) {
        List<String> roles = members.get("roles") instanceof List<?> texts
                ? texts.stream().map(String::valueOf).toList()
                : List.of();
        OptionalLong expires = members.get("expires") instanceof Long at ? OptionalLong.of(at) : OptionalLong.empty();
        return new KeyMark(text(members, "id"), text(members, "name"), roles, expires, text(members, "mark"));
    }

    private static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
