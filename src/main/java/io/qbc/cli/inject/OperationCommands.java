package io.qbc.cli.inject;

import io.qbc.cli.Cli;
import io.qbc.cli.Command;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands for operations of engines: {@code vote}, {@code stake}, {@code stand}. The node signs with its own key,
 * or the command with another one.
 */
public final class OperationCommands {
    private static final String SIGNING = " Signed by the node's own key, or by --key.";
    private static final String KEY = "KEY";
    private static final String AMOUNT = "AMOUNT";
    private static final String LET_IN = "add";
    private static final long AMOUNT_MAX = (1L << 53) - 1;

    private OperationCommands() {}

    /** An operation by its name on the command line. */
    private record Verb(String name, String type, String description, List<String> arguments, Payload payload) {}

    /** Makes the data of an operation of the arguments. */
    private interface Payload extends Function<Call, Map<String, Object>> {}

    /** The commands whose transactions are operations of the chain. */
    public static List<Command> commands(RemoteContext context) {
        return List.of(
                command(
                        context,
                        "vote",
                        "Votes in a chain: qbc vote add, qbc vote remove (poa), qbc vote for (dpos).",
                        List.of(
                                new Verb(
                                        LET_IN,
                                        "qbc.poa.vote",
                                        "Votes to let a signer in.",
                                        List.of(KEY),
                                        call -> members("signer", key(call, 0), "add", true)),
                                new Verb(
                                        "remove",
                                        "qbc.poa.vote",
                                        "Votes to put a signer out.",
                                        List.of(KEY),
                                        call -> members("signer", key(call, 0), "add", false)),
                                new Verb(
                                        "for",
                                        "qbc.dpos.vote",
                                        "Gives the votes of a holder's bond to a candidate.",
                                        List.of(KEY),
                                        call -> members("delegate", key(call, 0))))),
                command(
                        context,
                        "stake",
                        "Moves stake (pos, dpos): qbc stake bond, qbc stake unbond, qbc stake transfer.",
                        List.of(
                                new Verb(
                                        "bond",
                                        "qbc.pos.bond",
                                        "Bonds free stake.",
                                        List.of(AMOUNT),
                                        call -> members("amount", amount(call, 0))),
                                new Verb(
                                        "unbond",
                                        "qbc.pos.unbond",
                                        "Begins to free bonded stake.",
                                        List.of(AMOUNT),
                                        call -> members("amount", amount(call, 0))),
                                new Verb(
                                        "transfer",
                                        "qbc.pos.transfer",
                                        "Gives free stake to another key.",
                                        List.of(AMOUNT, KEY),
                                        call -> members("to", key(call, 1), "amount", amount(call, 0))))),
                command(
                        context,
                        "stand",
                        "Stands for election as a delegate (dpos): qbc stand yes, qbc stand no.",
                        List.of(
                                new Verb(
                                        "yes",
                                        "qbc.dpos.stand",
                                        "Stands for election from the next epoch on.",
                                        List.of(),
                                        call -> members("stand", true)),
                                new Verb(
                                        "no",
                                        "qbc.dpos.stand",
                                        "Stands for election no longer.",
                                        List.of(),
                                        call -> members("stand", false)))));
    }

    private static Command command(RemoteContext context, String name, String description, List<Verb> verbs) {
        CommandSpec group = Cli.spec(description);
        for (Verb verb : verbs) {
            CommandSpec spec = RemoteCommand.spec(context, verb.description() + SIGNING);
            for (int i = 0; i < verb.arguments().size(); i++) {
                String label = verb.arguments().get(i);
                String meaning =
                        label.equals(KEY) ? "A public key, 64 hexadecimal digits." : "A whole number, at least 1.";
                spec.addPositional(RemoteCommand.argument(i, label, meaning));
            }
            Submission.options(spec);
            Author.options(spec);
            if (verb.name().equals(LET_IN)) {
                spec.addOption(SecondSigner.option());
            }
            group.addSubcommand(verb.name(), spec);
        }
        return RemoteCommand.of(name, group, context, call -> run(call, verbs));
    }

    private static ExitCode run(Call call, List<Verb> verbs) {
        String name = call.parsed().commandSpec().name();
        Verb verb = verbs.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        Bytes data = Bytes.utf8(JsonTree.write(verb.payload().apply(call)));
        if (name.equals(LET_IN)) {
            SecondSigner.check(call, key(call, 0));
        }
        Submission submission = new Submission(data, verb.type(), Submission.once(call));
        Optional<Author> author = Author.of(call);
        String body = submission.body(author);
        return author.isPresent() ? Submission.inject(call, body) : Submission.operate(call, body);
    }

    private static Map<String, Object> members(String name, Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(name, value);
        return members;
    }

    private static Map<String, Object> members(String name, Object value, String next, Object other) {
        Map<String, Object> members = members(name, value);
        members.put(next, other);
        return members;
    }

    private static String key(Call call, int index) {
        String key = call.required(index, "a public key, 64 hexadecimal digits; qbc keys list shows those here");
        return Hash.parse(key)
                .map(Hash::hex)
                .orElseThrow(
                        () -> new ConfigException("a public key has 64 hexadecimal digits, and '" + key + "' is none"));
    }

    private static long amount(Call call, int index) {
        String digits = call.required(index, "an amount, a whole number, at least 1");
        long amount = digits.matches("[0-9]{1,16}") ? Long.parseLong(digits) : 0;
        if (amount < 1 || amount > AMOUNT_MAX) {
            throw new ConfigException(
                    "the amount must be a whole number from 1 to " + AMOUNT_MAX + " but is '" + digits + "'");
        }
        return amount;
    }
}
