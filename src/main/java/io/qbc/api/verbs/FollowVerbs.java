package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainName;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindFollowing;
import io.qbc.bus.Catalogue.Follow;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.Known;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.regex.Pattern;

/** The verbs about the chains that this node follows at its peers. */
public final class FollowVerbs {
    /** Names and ids alike. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final Bus bus;

    FollowVerbs(Bus bus) {
        this.bus = bus;
    }

    /** Begins or ends following a chain, which need not be here. */
    public Future<Answer> follow(String chain, boolean follow) {
        if (!NAME.matcher(ChainName.present(chain)).matches()) {
            throw new Failure(Reason.REQUEST_INVALID, "a chain is followed by its name or its id");
        }
        return bus.ask(Catalogue.FOLLOW, new Follow(chain, follow)).map(FollowVerbs::shown);
    }

    public Future<Answer> following() {
        return bus.ask(Catalogue.FIND_FOLLOWING, new FindFollowing()).map(FollowVerbs::shown);
    }

    private static Answer shown(Following following) {
        return Answer.object(
                200,
                out -> out.texts("followed", following.followed())
                        .objects("known", following.known(), FollowVerbs::known));
    }

    private static void known(JsonWriter out, Known known) {
        out.hex("id", known.id());
        out.text("name", known.name());
        out.flag("here", known.here());
    }
}
