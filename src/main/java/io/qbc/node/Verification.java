package io.qbc.node;

import io.qbc.cli.VerifyCommand;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.persistence.scrub.CheckProgress;
import io.qbc.persistence.scrub.Finding;
import io.qbc.persistence.verify.Verify;
import io.qbc.schema.SchemaRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Brings the check of a stopped node's directory to the command line. */
public final class Verification {
    private Verification() {}

    /** Checks a directory, and mends it from a peer if it is damaged and one is named. */
    public static VerifyCommand.Verdict run(Path data, Optional<String> peer, Consumer<String> progress) {
        VerifyCommand.Verdict verdict = check(data, progress);
        return verdict.sound() || peer.isEmpty() ? verdict : Repair.run(data, peer.get(), progress);
    }

    static VerifyCommand.Verdict check(Path data, Consumer<String> progress) {
        NodeConfig config = ConfigReader.read(Path.of(""), Optional.empty(), Map.of(), List.of());
        Verify.Report report = report(data, config, progress);
        String checked = report.chains() + " chains, " + report.quants() + " quants, " + report.transactions()
                + " transactions checked";
        List<String> findings = report.findings().stream().map(Finding::line).toList();
        return new VerifyCommand.Verdict(report.sound(), checked, findings);
    }

    /** What cannot be checked at all is said in one line, as at a start. */
    private static Verify.Report report(Path data, NodeConfig config, Consumer<String> progress) {
        try {
            return Verify.run(data, config, new SchemaRules(), done -> progress.accept(line(done)));
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Verification.class).debug("the directory cannot be checked", e);
            throw new ConfigException(StartupError.of(e, config).text());
        }
    }

    private static String line(CheckProgress done) {
        return done.chain() + ": " + done.quants() + " quants, " + done.transactions() + " transactions";
    }
}
