package io.qbc.http.routes;

import io.qbc.api.verbs.AuditVerbs;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.RouteTable;

/** The route by which the audit trail is read. */
public final class AuditRoutes {
    private final AuditVerbs verbs;

    public AuditRoutes(AuditVerbs verbs) {
        this.verbs = verbs;
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/audit", this::list);
    }

    private void list(Exchange exchange) {
        AuditVerbs.Wanted wanted = new AuditVerbs.Wanted(
                exchange.number("from"), exchange.number("to"), exchange.query("name"), exchange.query("operation"));
        exchange.answer(verbs.list(wanted, exchange.query("after"), exchange.number("limit")));
    }
}
