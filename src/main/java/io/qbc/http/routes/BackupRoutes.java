package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.verbs.BackupVerbs;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;

/** The routes about backups of this node. */
public final class BackupRoutes {
    private static final String BACKUP = "/v1/backup";

    private final BackupVerbs verbs;
    private final BodyReader bodies;

    public BackupRoutes(BackupVerbs verbs, BodyReader bodies) {
        this.verbs = verbs;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get(BACKUP, exchange -> exchange.answer(verbs.show()));
        routes.post(BACKUP, this::begin);
    }

    private void begin(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        exchange.answer(bodies.read(exchange, BackupVerbs.BODY_BYTES).compose(verbs::begin));
    }
}
