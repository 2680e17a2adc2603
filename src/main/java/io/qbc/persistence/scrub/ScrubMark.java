package io.qbc.persistence.scrub;

import io.qbc.config.StoredJson;
import io.qbc.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mark of how far the check came, in {@code scrub.json} of the data directory, so that a node that is started anew
 * every day comes to an end too. Who loses it begins anew.
 *
 * @param share how much of the pass was done, in thousandths
 * @param finishedAt when a pass ended last
 */
record ScrubMark(long startedAt, long share, Optional<Long> finishedAt) {
    static final long WHOLE = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(ScrubMark.class);
    private static final String FILE = "scrub.json";

    /** The mark that is there; none if there is none, or it makes no sense. */
    static Optional<ScrubMark> read(Path data) {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Map<String, Object> members = StoredJson.read(file);
            Optional<Long> finishedAt = Optional.ofNullable((Long) members.get("finishedAt"));
            ScrubMark mark = new ScrubMark((Long) members.get("startedAt"), (Long) members.get("share"), finishedAt);
            return Optional.of(mark).filter(read -> read.share() >= 0 && read.share() <= WHOLE);
        } catch (IOException | ClassCastException | NullPointerException e) {
            LOG.warn("the check of the store begins anew, since its mark {} cannot be read: {}", file, e.toString());
            return Optional.empty();
        }
    }

    void write(Path data) {
        Map<String, Object> members = new TreeMap<>();
        members.put("startedAt", startedAt);
        members.put("share", share);
        finishedAt.ifPresent(at -> members.put("finishedAt", at));
        Path file = data.resolve(FILE);
        Path beside = data.resolve(FILE + ".new");
        try {
            Files.writeString(beside, JsonTree.write(members) + "\n");
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("how far the check of the store is cannot be kept: {}", e.toString());
        }
    }
}
