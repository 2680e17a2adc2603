package io.qbc.persistence.verify;

import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.DataDirectory;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Checks a stopped node's directory: every hash, root, seal and rule of every chain, and that all parts agree. */
public final class Verify {
    private static final int FINDINGS_MAX = 1000;

    private Verify() {}

    /** How far the check is: which chain, and how many of its transactions and quants are done. */
    public record Progress(String chain, long transactions, long quants) {}

    /**
     * Something that is wrong.
     *
     * @param chain the chain's name, or empty for the store as a whole
     * @param height the quant's height, or -1 where there is none
     */
    public record Finding(String chain, long height, String what) {}

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
    public static Report run(Path data, NodeConfig config, DataRules.Reader rules, Consumer<Progress> progress) {
        Tally tally = new Tally(progress);
        try (DataDirectory dataDirectory = DataDirectory.openToRead(data, config, Ed25519.VERIFIER, rules)) {
            guarded(tally, "", () -> dataDirectory.store().check());
            OpenChains openChains = dataDirectory.openChains();
            openChains.broken().values().forEach(broken -> {
                tally.begin(broken.name());
                tally.find(-1, broken.refusal().detail());
            });
            for (OpenChain retained : openChains.retained()) {
                String name = retained.spec().name();
                tally.begin(name);
                guarded(tally, name, () -> new VerifyQuants(dataDirectory.store(), retained, tally).remains());
            }
            for (OpenChain chain : openChains.all()) {
                tally.begin(chain.spec().name());
                guarded(tally, chain.spec().name(), () -> new VerifyLog(dataDirectory.store(), chain, tally).run());
                guarded(tally, chain.spec().name(), () -> new VerifyQuants(dataDirectory.store(), chain, tally).run());
            }
            return tally.report(openChains.all().size() + openChains.broken().size());
        } catch (StoreException e) {
            if (e.refusal().reason() != Reason.CORRUPT) {
                throw e;
            }
            tally.find(-1, e.getMessage());
            return tally.report(0);
        }
    }

    /** Damage that ends one check does not end the others. */
    private static void guarded(Tally tally, String chain, Runnable check) {
        try {
            check.run();
        } catch (StoreException e) {
            tally.find(-1, e.getMessage() + (chain.isEmpty() ? "" : "; the rest was not checked"));
        }
    }

    /** Counts, findings and progress of one run. */
    static final class Tally {
        private static final int REPORT_EVERY_COUNT = 10_000;

        private final Consumer<Progress> progress;
        private final List<Finding> findings = new ArrayList<>();
        private String chain = "";
        private long transactions;
        private long quants;
        private long transactionsBefore;
        private long quantsBefore;

        Tally(Consumer<Progress> progress) {
            this.progress = progress;
        }

        void begin(String name) {
            chain = name;
            transactionsBefore = transactions;
            quantsBefore = quants;
            tell();
        }

        void transaction() {
            transactions++;
            if (transactions % REPORT_EVERY_COUNT == 0) {
                tell();
            }
        }

        void quant() {
            quants++;
            if (quants % REPORT_EVERY_COUNT == 0) {
                tell();
            }
        }

        /** Notes what is wrong; a hopeless store is not listed without end. */
        void find(long height, String what) {
            if (findings.size() < FINDINGS_MAX) {
                findings.add(new Finding(chain, height, what));
            }
        }

        void require(boolean sound, long height, String what, Hash whose) {
            if (!sound) {
                find(height, what + " " + whose);
            }
        }

        private void tell() {
            progress.accept(new Progress(chain, transactions - transactionsBefore, quants - quantsBefore));
        }

        private Report report(int chains) {
            if (!chain.isEmpty()) {
                tell();
            }
            return new Report(chains, quants, transactions, findings);
        }
    }
}
