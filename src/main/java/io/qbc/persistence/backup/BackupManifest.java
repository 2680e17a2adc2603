package io.qbc.persistence.backup;

import io.qbc.config.StoredJson;
import io.qbc.json.JsonTree;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A manifest of a backup: every file with its size and SHA-256, and the heads of the chains in it. It is written when
 * all else is safe, so that a backup without one is no backup, and ends with a sum of itself.
 *
 * @param createdAt in milliseconds since 1970
 * @param withKey whether the node's secret keys are among the files
 */
record BackupManifest(long createdAt, boolean withKey, List<BackedUpFile> files, List<BackedUpHead> heads) {
    static final String FILE = "manifest.json";
    private static final long FORMAT = 1;
    private static final String SUM = ",\"sum\":\"";
    private static final String END = "\"}\n";
    /** No path leads out of the directory that it is resolved against. */
    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*");

    BackupManifest {
        files = List.copyOf(files);
        heads = List.copyOf(heads);
    }

    /** One file, by its path below the backup. */
    record BackedUpFile(String path, long bytes, Hash sum) {}

    /** Where one chain stands in the backup. */
    record BackedUpHead(Hash chain, String name, long height, Hash hash, long treeSize) {}

    /** Bytes of all files together. */
    long bytes() {
        return files.stream().mapToLong(BackedUpFile::bytes).sum();
    }

    /** Writes it into a backup's directory, and syncs it. */
    void write(Path backup) throws IOException {
        String text = text();
        String whole = text.substring(0, text.length() - 1) + SUM + sum(text).hex() + END;
        FileCopy.write(backup.resolve(FILE), whole.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the manifest of a backup.
     *
     * @throws IOException if there is none, or it is damaged, with words for people
     */
    static BackupManifest read(Path backup) throws IOException {
        Path file = backup.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no complete backup in " + backup + ": " + FILE + " is missing");
        }
        checkSum(file);
        Map<String, Object> members = StoredJson.read(file);
        try {
            if ((long) members.get("format") != FORMAT) {
                throw new IOException(file + " is of another version of QBC");
            }
            List<BackedUpFile> files = new ArrayList<>();
            for (Map<?, ?> each : maps(members, "files")) {
                files.add(new BackedUpFile(path(each), (long) each.get("bytes"), hash(each, "sha256")));
            }
            List<BackedUpHead> heads = new ArrayList<>();
            for (Map<?, ?> each : maps(members, "chains")) {
                heads.add(new BackedUpHead(
                        hash(each, "id"),
                        (String) each.get("name"),
                        (long) each.get("height"),
                        hash(each, "hash"),
                        (long) each.get("treeSize")));
            }
            return new BackupManifest((long) members.get("createdAt"), (boolean) members.get("withKey"), files, heads);
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException(file + " has other members than a manifest has", e);
        }
    }

    private static void checkSum(Path file) throws IOException {
        String whole = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = whole.length() - END.length() - 2 * Hash.BYTES;
        int before = at - SUM.length();
        boolean sound = before > 0
                && whole.startsWith(SUM, before)
                && whole.endsWith(END)
                && whole.startsWith(sum(whole.substring(0, before) + "}").hex(), at);
        if (!sound) {
            throw new IOException("the backup is damaged: " + file + " does not have its own checksum");
        }
    }

    private static Hash sum(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String text() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("format", FORMAT);
        members.put("createdAt", createdAt);
        members.put("withKey", withKey);
        members.put("chains", heads.stream().map(BackupManifest::members).toList());
        members.put("files", files.stream().map(BackupManifest::members).toList());
        return JsonTree.write(members);
    }

    private static Map<String, Object> members(BackedUpFile file) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("path", file.path());
        members.put("bytes", file.bytes());
        members.put("sha256", file.sum().hex());
        return members;
    }

    private static Map<String, Object> members(BackedUpHead head) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", head.chain().hex());
        members.put("name", head.name());
        members.put("height", head.height());
        members.put("hash", head.hash().hex());
        members.put("treeSize", head.treeSize());
        return members;
    }

    private static List<Map<?, ?>> maps(Map<String, Object> members, String name) {
        List<Map<?, ?>> maps = new ArrayList<>();
        for (Object each : (List<?>) members.get(name)) {
            maps.add((Map<?, ?>) each);
        }
        return maps;
    }

    private static String path(Map<?, ?> members) {
        String path = (String) members.get("path");
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("a path of a backup's file is " + path);
        }
        return path;
    }

    private static Hash hash(Map<?, ?> members, String name) {
        return Hash.parse((String) members.get(name)).orElseThrow(IllegalArgumentException::new);
    }
}
