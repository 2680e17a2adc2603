package io.qbc.node;

import io.qbc.cli.AskedNode;
import io.qbc.cli.VerifyCommand.Verdict;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.persistence.scrub.CheckProgress;
import io.qbc.persistence.verify.Verify;
import io.qbc.schema.SchemaRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Brings the check of a stopped node's directory to the command line. */
public final class Verification {
    private Verification() {}

    /** Checks a directory, and mends it from a peer if it is damaged and one is named. */
    public static Verdict run(Path data, Optional<AskedNode> peer, Consumer<String> progress) {
        Verify.Report report = report(data, progress);
        if (!report.sound() && peer.isPresent()) {
            return Repair.run(data, peer.get(), progress);
        }
        Verdict verdict = verdict(report, data);
        if (verdict.sound() || peer.isEmpty()) {
            return verdict;
        }
        String unchanged = verdict.checked() + "; nothing was changed, since no peer has what is damaged";
        return new Verdict(false, unchanged, verdict.findings());
    }

    static Verdict check(Path data, Consumer<String> progress) {
        return verdict(report(data, progress), data);
    }

    private static Verdict verdict(Verify.Report report, Path data) {
        String checked = report.chains() + " chains, " + report.quants() + " quants, " + report.transactions()
                + " transactions checked";
        List<String> findings = new ArrayList<>();
        report.findings().forEach(finding -> findings.add(finding.line()));
        findings.addAll(new OwnFiles(data).faults());
        return new Verdict(findings.isEmpty(), checked, findings);
    }

    /** What cannot be checked at all is said in one line, as at a start. */
    private static Verify.Report report(Path data, Consumer<String> progress) {
        NodeConfig config = ConfigReader.read(Path.of(""), Optional.empty(), Map.of(), List.of());
        try {
            return Verify.run(data, config, new SchemaRules(), done -> progress.accept(line(done)));
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Verification.class).debug("the directory cannot be checked", e);
            throw new ConfigException(StartupError.of(e, config).text());
        }
    }

    private static String line(CheckProgress done) {
        return done.chain().isEmpty()
                ? "reading the store's files"
                : done.chain() + ": " + done.quants() + " quants, " + done.transactions() + " transactions";
    }
}
