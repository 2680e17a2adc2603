package io.qbc.gossip.chains;

import io.qbc.config.DamagedFileException;
import io.qbc.config.StoredJson;
import io.qbc.gossip.chains.FollowedChains.Left;
import io.qbc.gossip.chains.FollowedChains.Stored;
import io.qbc.gossip.peers.SafeFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of the chains that were joined and left at run time, in {@code following.json} of the data directory.
 * Blocks.
 */
public final class FollowFile {
    public static final String NAME = "following.json";
    private static final int VERSION = 1;
    private static final String REMEDY = "Restore it from a backup; or remove it, and the node follows the chains that"
            + " are here and those that chains.follow says, also those that it was told to leave";

    private final Path file;

    public FollowFile(Path data) {
        file = data.resolve(NAME);
    }

    /** What is stored; nothing if there is no file. */
    public Stored read() throws IOException {
        if (!Files.exists(file)) {
            return Stored.NOTHING;
        }
        try {
            JsonObject document = new JsonObject(StoredJson.read(file));
            List<String> joined = new ArrayList<>();
            document.getJsonArray("joined", new JsonArray()).forEach(each -> joined.add(String.valueOf(each)));
            List<Left> left = new ArrayList<>();
            for (Object each : document.getJsonArray("left", new JsonArray())) {
                JsonObject chain = (JsonObject) each;
                left.add(new Left(chain.getString("id", ""), chain.getString("name", "")));
            }
            return new Stored(joined, left);
        } catch (ClassCastException | NullPointerException e) {
            throw new DamagedFileException(file, String.valueOf(e.getMessage())).with(REMEDY);
        } catch (DamagedFileException e) {
            throw e.with(REMEDY);
        }
    }

    public Stored write(Stored stored) throws IOException {
        JsonArray left = new JsonArray();
        stored.left()
                .forEach(each -> left.add(new JsonObject().put("id", each.id()).put("name", each.name())));
        SafeFile.write(
                file,
                StoredJson.sealed(new JsonObject()
                        .put("version", VERSION)
                        .put("joined", new JsonArray(stored.joined()))
                        .put("left", left)
                        .encodePrettily()));
        return stored;
    }
}
