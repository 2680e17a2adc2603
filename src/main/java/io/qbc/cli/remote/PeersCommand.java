package io.qbc.cli.remote;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.Columns;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.NodeClient;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.cli.call.Reply;
import io.qbc.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code peers}: a node's peers, and with whom it has nothing to do for a while. */
final class PeersCommand {
    private static final String TIME = "--time";
    private static final String REASON = "--reason";
    private static final String PATH = "/v1/peers";
    private static final String BANS = PATH + "/bans";
    private static final int HASH_DIGITS = 16;
    private static final String PEER = "a peer's identity key or IP address; qbc peers list shows keys";

    private PeersCommand() {}

    static Command command(RemoteContext context) {
        CommandSpec group = Cli.spec("Shows and bans peers: qbc peers list, bans, ban, unban.");
        group.addSubcommand("list", RemoteCommand.spec(context, "Shows the node's peers."));
        group.addSubcommand("bans", RemoteCommand.spec(context, "Shows which peers are banned."));
        group.addSubcommand(
                "ban",
                RemoteCommand.spec(
                                context,
                                "Bans a peer: the node neither calls nor answers it.",
                                "peers ban 203.0.113.7 --time 12h")
                        .addPositional(RemoteCommand.argument(0, "PEER", "An identity key or an IP address."))
                        .addOption(RemoteCommand.option(
                                TIME, "TIME", "How long, like 30m, 12h or 90d; default what the node is set to."))
                        .addOption(RemoteCommand.option(REASON, "TEXT", "Why, for people.")));
        group.addSubcommand(
                "unban",
                RemoteCommand.spec(context, "Ends a ban before its time.")
                        .addPositional(RemoteCommand.argument(0, "PEER", "As qbc peers bans shows it.")));
        return RemoteCommand.of("peers", group, context, PeersCommand::run);
    }

    private static ExitCode run(Call call) {
        return switch (call.parsed().commandSpec().name()) {
            case "list" -> list(call);
            case "bans" -> bans(call);
            case "ban" -> ban(call);
            default -> unban(call);
        };
    }

    private static ExitCode list(Call call) {
        String of = call.option(RemoteCommand.CHAIN)
                .map(chain -> "?chain=" + NodeClient.segment(chain))
                .orElse("");
        Reply reply = call.client().get(PATH + of).granted();
        if (!call.shown(reply)) {
            Columns table =
                    new Columns().row("ADDRESS", "STATE", "HEIGHT", "HEAD", "SINCE", "SEEN", "MS", "SCORE", "KEY");
            reply.tree()
                    .items("peers")
                    .forEach(peer -> table.row(
                            peer.text("address"),
                            peer.flag("live") ? "live" : "away",
                            peer.text("height"),
                            start(peer.text("head")),
                            peer.number("since") > 0 ? peer.time("since") : "",
                            peer.time("seenAt"),
                            peer.text("latencyMillis"),
                            peer.text("score"),
                            peer.text("key")));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    /** As much of a hash as tells it from others. */
    private static String start(String hash) {
        return hash.substring(0, Math.min(HASH_DIGITS, hash.length()));
    }

    private static ExitCode bans(Call call) {
        Reply reply = call.client().get(BANS).granted();
        if (!call.shown(reply)) {
            Columns table = new Columns().row("PEER", "UNTIL", "BY", "REASON");
            reply.tree()
                    .items("bans")
                    .forEach(ban -> table.row(ban.text("peer"), ban.time("until"), ban.text("by"), ban.text("reason")));
            call.say(table.lines());
        }
        return ExitCode.DONE;
    }

    private static ExitCode ban(Call call) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("peer", call.required(0, PEER));
        call.option(TIME).ifPresent(time -> members.put("time", time));
        call.option(REASON).ifPresent(reason -> members.put("reason", reason));
        return said(call, call.client().post(BANS, JsonTree.write(members)));
    }

    private static ExitCode unban(Call call) {
        return said(call, call.client().delete(BANS + "/" + NodeClient.segment(call.required(0, PEER))));
    }

    private static ExitCode said(Call call, Reply reply) {
        reply.granted();
        if (!call.shown(reply)) {
            AnswerTree ban = reply.tree();
            call.say(new Columns()
                    .row("peer", ban.text("peer"))
                    .row("until", ban.time("until"))
                    .row("by", ban.text("by"))
                    .row("reason", ban.text("reason"))
                    .lines());
        }
        return ExitCode.DONE;
    }
}
