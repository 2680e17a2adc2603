package io.qbc.projection.sql;

import java.sql.SQLException;

/** The tables are not where this node left them: another node changed them. */
public final class OtherProjectorException extends SQLException {
    private static final long serialVersionUID = 1L;

    OtherProjectorException(Progress expected) {
        super("another node moved the tables of " + expected.name() + " on from leaf "
                + expected.position().leaf());
    }
}
