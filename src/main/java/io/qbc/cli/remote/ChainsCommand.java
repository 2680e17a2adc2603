package io.qbc.cli.remote;

import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import java.util.List;
import java.util.Optional;

/** The command {@code chains}: all chains of a node, or one. */
final class ChainsCommand {
    private ChainsCommand() {}

    static Command command(RemoteContext context) {
        return RemoteCommand.of(
                "chains",
                RemoteCommand.spec(
                                context, "Shows the chains that the node has, or one of them.", "chains", "chains main")
                        .addPositional(RemoteCommand.argument(0, "CHAIN", "A chain's name or id; without it all.")),
                context,
                call -> call.argument(0).isPresent()
                        ? one(call, call.argument(0).get())
                        : all(call));
    }

    private static ExitCode one(Call call, String name) {
        Reply reply = call.client().ask(ApiRequest.of(ApiVerb.FIND_CHAIN, name)).granted();
        if (!call.shown(reply)) {
            call.say(facts(reply.tree()));
        }
        return ExitCode.DONE;
    }

    /** A chain's members, one below the other. */
    static List<String> facts(AnswerTree chain) {
        AnswerTree head = chain.member("head");
        return new Columns()
                .row("name", chain.text("name"))
                .row("id", chain.text("id"))
                .row("engine", engine(chain))
                .row("state", state(chain))
                .row("height", head.text("height"))
                .row("head", head.text("hash"))
                .row("time", head.time("timestamp"))
                .row("transactions", head.text("treeSize"))
                .row("waiting", waiting(chain))
                .fact("fork of", chain.member("fork").text("chain"))
                .lines();
    }

    private static ExitCode all(Call call) {
        Columns table = new Columns().row("NAME", "ENGINE", "HEIGHT", "TRANSACTIONS", "WAITING", "STATE", "ID");
        Optional<String> after = Optional.empty();
        do {
            Reply reply = call.client()
                    .ask(ApiRequest.of(ApiVerb.LIST_CHAINS).with("after", after))
                    .granted();
            AnswerTree page = reply.tree();
            if (!call.shown(reply)) {
                page.items("chains").forEach(chain -> row(table, chain));
                page.items("damaged")
                        .forEach(chain ->
                                table.row(chain.text("name"), "", "", "", "", chain.text("code"), chain.text("id")));
            }
            after = Optional.of(page.text("next")).filter(next -> !next.isEmpty());
        } while (after.isPresent());
        if (!call.json()) {
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static void row(Columns table, AnswerTree chain) {
        AnswerTree head = chain.member("head");
        table.row(
                chain.text("name"),
                engine(chain),
                head.text("height"),
                head.text("treeSize"),
                waiting(chain),
                state(chain),
                chain.text("id"));
    }

    private static String engine(AnswerTree chain) {
        return chain.member("spec").member("consensus").text("engine");
    }

    private static String waiting(AnswerTree chain) {
        return chain.member("pool").text("transactions");
    }

    private static String state(AnswerTree chain) {
        if (chain.flag("frozen")) {
            return "frozen";
        }
        return chain.flag("writable") ? "writable" : "read-only";
    }
}
