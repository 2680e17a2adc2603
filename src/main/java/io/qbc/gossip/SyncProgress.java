package io.qbc.gossip;

import io.qbc.bus.Catalogue.CatchUp;
import io.qbc.gossip.peers.PeerConduct;
import io.qbc.protocol.message.Claim;
import io.qbc.protocol.peer.Misbehaviour;
import io.qbc.protocol.peer.PeerState;
import io.qbc.protocol.sync.CatchUps;
import io.qbc.protocol.sync.SyncRun.Ending;
import io.qbc.protocol.sync.SyncRun.Progress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reporter of the progress of sync runs. */
final class SyncProgress implements CatchUps.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SyncProgress.class);

    private final PeerConduct conduct;

    /** @param conduct hears of what no honest peer does */
    SyncProgress(PeerConduct conduct) {
        this.conduct = conduct;
    }

    @Override
    public void following(PeerState peer, Claim claim) {
        LOG.debug("syncing from {} to height {}", peer, claim.height());
    }

    @Override
    public void ended(PeerState peer, Ending how, boolean lied) {
        if (how instanceof Ending.Ended ended) {
            if (lied) {
                LOG.warn(
                        "{} claims height {} and does not deliver it",
                        peer,
                        ended.claim().height());
                conduct.report(peer.key().hex(), Misbehaviour.FALSE_HEAD);
            }
        } else if (how instanceof Ending.Wrong wrong) {
            LOG.warn("no sync from {} for a while: {}", peer, wrong.why());
            wrong.misbehaviour().ifPresent(what -> conduct.report(peer.key().hex(), what));
        } else if (how instanceof Ending.Slow slow) {
            LOG.warn("no sync from {} for a while, it is too slow: {}", peer, slow.why());
        } else if (how instanceof Ending.Broken broken) {
            LOG.info("the sync from {} broke off: {}", peer, broken.why());
        } else if (how instanceof Ending.Unable unable) {
            LOG.warn("this node cannot catch up at present: {}", unable.why());
        }
    }

    static void report(Progress run) {
        double seconds = Math.max(1, run.millis()) / 1000.0;
        LOG.info(
                "catching up from {}: height {} of {}, {} quants/s, {} transactions/s",
                run.peer(),
                run.height(),
                run.aim(),
                Math.round(run.quants() / seconds),
                Math.round(run.transactions() / seconds));
    }

    static CatchUp catchUp(Progress run) {
        return new CatchUp(run.chain(), run.peer(), run.height(), run.aim(), Duration.ofMillis(run.millis()));
    }
}
