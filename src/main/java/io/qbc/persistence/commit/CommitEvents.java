package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Orphaned;
import java.util.concurrent.Executor;

/** Where commits are announced to the rest of the node; answers and announcements run here, in order. */
public interface CommitEvents extends Executor {
    void headMoved(HeadMoved event);

    void orphaned(Orphaned event);

    void backlogGrew(BacklogGrew event);

    void equivocationFound(EquivocationFound event);

    void chainOpened(ChainOpened event);

    void chainClosed(ChainClosed event);
}
