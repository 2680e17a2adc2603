package io.qbc.node;

import io.qbc.cli.RestoreCommand.Outcome;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.persistence.backup.Restore;
import io.qbc.persistence.store.StoreException;
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
        try {
            Restore.Report report =
                    Restore.run(from, data, config, new SchemaRules(), done -> progress.accept(line(done)));
            List<String> lines = new ArrayList<>();
            report.chains().forEach(chain -> lines.add("chain " + chain));
            lines.add("restored: " + report.files() + " files, " + BackupClient.size(report.bytes()) + " in " + data
                    + (report.withKey() ? ", with the keys" : ", without keys: put identity.key there if you have it"));
            return new Outcome(true, lines);
        } catch (StoreException e) {
            return new Outcome(false, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static String line(Restore.Progress done) {
        return BackupClient.line(done.doing(), done.done(), done.bytes());
    }
}
