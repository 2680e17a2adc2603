package io.qbc.cli.inject;

import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.Reply;
import io.qbc.config.ConfigException;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** A guard of the vote that lets a second signer into a chain of one, which then needs both to go on. */
final class SecondSigner {
    private static final String FORCE = "--force";

    private SecondSigner() {}

    static OptionSpec option() {
        return RemoteCommand.flag(
                FORCE, "Vote even if the chain has one signer, and stands still until another seals.");
    }

    /** Refuses the vote where it would stop the chain; what the node does not tell is left to the vote itself. */
    static void check(Call call, String candidate) {
        if (call.flag(FORCE)) {
            return;
        }
        Reply reply = call.client().get(call.path("/consensus"));
        if (!reply.isGranted()) {
            return;
        }
        AnswerTree status = reply.tree();
        List<String> sealing = status.items("participants").stream()
                .filter(each -> each.number("power") > 0 && !each.flag("barred"))
                .map(each -> each.text("key"))
                .toList();
        if (status.text("engine").equals("poa") && sealing.size() == 1 && !sealing.contains(candidate)) {
            throw new ConfigException("the chain " + call.chain() + " has one signer; with a second one none seals two"
                    + " quants in a row, so that the chain stands still until the second one's node runs and has the"
                    + " chain; see to that first, then say " + FORCE);
        }
    }
}
