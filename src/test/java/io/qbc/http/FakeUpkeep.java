package io.qbc.http;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.bus.Catalogue.RollupState;
import io.qbc.bus.Catalogue.ScrubState;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The part of the store that makes backups and checks what it holds; a backup of the name "fails" fails. */
final class FakeUpkeep {
    final List<Backup> wanted = Collections.synchronizedList(new ArrayList<>());
    private volatile BackupState backup = BackupState.NONE;

    Future<?> serve(Bus bus) {
        ScrubState scrub = new ScrubState(
                Duration.ofDays(7), 0.25, 77, Optional.of(5L), Optional.empty(), 1, List.of("a block is damaged"));
        return Future.all(
                bus.serve(Catalogue.FIND_SCRUB, ask -> Future.succeededFuture(scrub)),
                bus.serve(Catalogue.FIND_ROLLUP, ask -> Future.succeededFuture(new RollupState(3))),
                bus.serve(Catalogue.FIND_BACKUP, ask -> Future.succeededFuture(backup)),
                bus.serve(Catalogue.BACKUP, ask -> Future.succeededFuture(begin(ask))));
    }

    private BackupState begin(Backup ask) {
        String name = ask.name().orElse("20260101T000000Z");
        if (name.contains("/")) {
            throw new Failure(Reason.REQUEST_INVALID, "a plain name is wanted");
        }
        wanted.add(ask);
        Optional<Refusal> failure =
                name.equals("fails") ? Optional.of(Reason.STORE_FULL.refusal("no room")) : Optional.empty();
        backup = new BackupState(
                failure.isPresent() ? BackupStep.FAILED : BackupStep.DONE,
                name,
                "/backups/" + name,
                10,
                10,
                4,
                1,
                Optional.of(2L),
                failure);
        return new BackupState(
                BackupStep.COPYING, name, "/backups/" + name, 0, 10, 0, 1, Optional.empty(), Optional.empty());
    }
}
