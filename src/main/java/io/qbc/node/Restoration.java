package io.qbc.node;

import io.qbc.cli.ProgressLines;
import io.qbc.cli.RestoreCommand.Outcome;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.persistence.backup.Restore;
import io.qbc.schema.SchemaRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings the restoring of a backup to the command line. */
public final class Restoration {
    private Restoration() {}

    public static Outcome run(Path from, Path data, Consumer<String> progress) {
        NodeConfig config = ConfigReader.read(Path.of(""), Optional.empty(), Map.of(), List.of());
        Restore.Outcome outcome =
                Restore.run(from, data, config, new SchemaRules(), done -> progress.accept(line(done)));
        if (outcome instanceof Restore.Refused refused) {
            return new Outcome(false, List.of(refused.why()));
        }
        Restore.Restored restored = (Restore.Restored) outcome;
        List<String> lines = new ArrayList<>();
        restored.chains().forEach(chain -> lines.add("chain " + chain));
        String keys = restored.withKey()
                ? "with the keys"
                : "without keys: put identity.key there, or, for"
                        + " another identity, remove identity.pub and run qbc keys new";
        lines.add("restored: " + restored.files() + " files, " + ProgressLines.size(restored.bytes()) + " in " + data
                + ", " + keys);
        return new Outcome(true, lines);
    }

    private static String line(Restore.Progress done) {
        return ProgressLines.line(done.doing(), done.done(), done.bytes());
    }
}
