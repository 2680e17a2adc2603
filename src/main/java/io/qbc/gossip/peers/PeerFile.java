package io.qbc.gossip.peers;

import io.qbc.config.DamagedFileException;
import io.qbc.config.StoredJson;
import io.qbc.model.Bytes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The file of the peers of earlier runs, {@code peers.json} of the data directory. Blocks: for a worker thread. */
public final class PeerFile {
    public static final String NAME = "peers.json";
    private static final int VERSION = 1;

    private final Path file;

    public PeerFile(Path data) {
        file = data.resolve(NAME);
    }

    /**
     * One stored peer; times in milliseconds since 1970.
     *
     * @param since when it became a peer
     */
    public record Stored(String address, Bytes key, long since, long seenAt) {}

    /** All stored peers; none if there is no file. */
    public List<Stored> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            JsonObject document = new JsonObject(StoredJson.read(file));
            List<Stored> peers = new ArrayList<>();
            JsonArray array = document.getJsonArray("peers", new JsonArray());
            for (Object element : array) {
                JsonObject peer = (JsonObject) Objects.requireNonNullElse(element, new JsonObject());
                peers.add(new Stored(
                        peer.getString("address", ""),
                        Bytes.hex(peer.getString("key", "")),
                        peer.getLong("since", peer.getLong("seenAt", 0L)),
                        peer.getLong("seenAt", 0L)));
            }
            return peers;
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new DamagedFileException(file, String.valueOf(e.getMessage()));
        }
    }

    /** Puts these in the place of what was stored. */
    public Path write(List<Stored> peers) throws IOException {
        JsonArray array = new JsonArray();
        peers.forEach(peer -> array.add(new JsonObject()
                .put("address", peer.address())
                .put("key", peer.key().hex())
                .put("since", peer.since())
                .put("seenAt", peer.seenAt())));
        String document =
                new JsonObject().put("version", VERSION).put("peers", array).encodePrettily();
        SafeFile.write(file, StoredJson.sealed(document));
        return file;
    }
}
