package io.qbc.gossip.peers;

import io.qbc.config.DamagedFileException;
import io.qbc.config.StoredJson;
import io.qbc.protocol.peer.Ban;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The file of the bans that have not ended, {@code bans.json} of the data directory. Blocks: for a worker thread. */
public final class BanFile {
    public static final String NAME = "bans.json";
    private static final int VERSION = 1;

    private final Path file;

    public BanFile(Path data) {
        file = data.resolve(NAME);
    }

    /** All stored bans; none if there is no file. */
    public List<Ban> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            JsonObject document = new JsonObject(StoredJson.read(file));
            List<Ban> bans = new ArrayList<>();
            for (Object element : document.getJsonArray("bans", new JsonArray())) {
                JsonObject ban = (JsonObject) Objects.requireNonNullElse(element, new JsonObject());
                PeerConduct.subject(ban.getString("peer", ""))
                        .ifPresent(subject -> bans.add(new Ban(
                                subject,
                                ban.getLong("since", 0L),
                                ban.getLong("until", 0L),
                                ban.getString("reason", ""),
                                ban.getBoolean("byOperator", false))));
            }
            return bans;
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new DamagedFileException(file, String.valueOf(e.getMessage()));
        }
    }

    /** Puts these in the place of what was stored. */
    public Path write(List<Ban> bans) throws IOException {
        JsonArray array = new JsonArray();
        bans.forEach(ban -> array.add(new JsonObject()
                .put("peer", ban.subject())
                .put("since", ban.since())
                .put("until", ban.until())
                .put("reason", ban.reason())
                .put("byOperator", ban.byOperator())));
        String document =
                new JsonObject().put("version", VERSION).put("bans", array).encodePrettily();
        SafeFile.write(file, StoredJson.sealed(document));
        return file;
    }
}
