package io.qbc.persistence.scrub;

import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A tally of one check: counts, findings and progress. */
public final class CheckTally {
    private static final int FINDINGS_MAX = 1000;
    private static final int REPORT_EVERY_COUNT = 10_000;

    private final Consumer<CheckProgress> progress;
    private final List<Finding> findings = new ArrayList<>();
    private String chain = "";
    private long transactions;
    private long quants;
    private long transactionsBefore;
    private long quantsBefore;
    private long bytes;

    public CheckTally(Consumer<CheckProgress> progress) {
        this.progress = progress;
    }

    /** Goes on with another chain. */
    public void begin(String name) {
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

    /** Notes that so many bytes were read. */
    void read(long more) {
        bytes += more;
    }

    /** How many bytes of entries and quants were read. */
    long bytes() {
        return bytes;
    }

    /** Notes what is wrong; a hopeless store is not listed without end. */
    public void find(long height, String what) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(new Finding(chain, height, what));
        }
    }

    void require(boolean sound, long height, String what, Hash whose) {
        if (!sound) {
            find(height, what + " " + whose);
        }
    }

    /** Tells how far it is. */
    void tell() {
        progress.accept(new CheckProgress(chain, transactions - transactionsBefore, quants - quantsBefore));
    }

    /** All is checked. */
    public void end() {
        if (!chain.isEmpty()) {
            tell();
        }
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    public long quants() {
        return quants;
    }

    public long transactions() {
        return transactions;
    }
}
