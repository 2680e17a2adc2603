package io.qbc.persistence.verify;

import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.Ed25519;
import io.qbc.model.Reason;
import io.qbc.persistence.DataDirectory;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.scrub.CheckProgress;
import io.qbc.persistence.scrub.CheckTally;
import io.qbc.persistence.scrub.Finding;
import io.qbc.persistence.scrub.StoreCheck;
import io.qbc.persistence.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Checks a stopped node's directory: every hash, root, seal and rule of every chain, and that all parts agree. */
public final class Verify {
    private Verify() {}

    /** What was checked and what was found. */
    public record Report(int chains, long quants, long transactions, List<Finding> findings) {
        public Report {
            findings = List.copyOf(findings);
        }

        /** Whether nothing is wrong. */
        public boolean sound() {
            return findings.isEmpty();
        }
    }

    /**
     * Checks the store in a data directory, which no node may use at the time.
     *
     * @param config whose memory limits and JSON depth are used
     * @param rules makes the rules that chains have for their data
     * @param progress hears now and then how far it is
     * @throws StoreException if there is no store, another process uses it, or it is of another format
     */
    public static Report run(Path data, NodeConfig config, DataRules.Reader rules, Consumer<CheckProgress> progress) {
        CheckTally tally = new CheckTally(progress);
        try (DataDirectory dataDirectory = DataDirectory.openToRead(data, config, Ed25519.VERIFIER, rules)) {
            OpenChains openChains = dataDirectory.openChains();
            StoreCheck.run(dataDirectory.store(), openChains, tally);
            return report(openChains.all().size() + openChains.broken().size(), tally);
        } catch (StoreException e) {
            if (e.refusal().reason() != Reason.CORRUPT) {
                throw e;
            }
            tally.find(-1, e.getMessage());
            return report(0, tally);
        }
    }

    private static Report report(int chains, CheckTally tally) {
        return new Report(chains, tally.quants(), tally.transactions(), tally.findings());
    }
}
