package io.qbc.cli.inject;

import io.qbc.cli.Command;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code inject}: one transaction, or one of each line. */
public final class InjectCommand {
    static final String LINES = "--lines";
    private static final String TEXT = "--text";
    private static final String TYPE = "--type";

    private InjectCommand() {}

    /** The command {@code inject}. */
    public static Command command(RemoteContext context) {
        CommandSpec spec = RemoteCommand.spec(
                        context,
                        "Injects a transaction; it is on the node's disk when this ends.",
                        "inject '{\"order\":4711}' --once order-4711 --wait 10s",
                        "inject @order.json --type order --key alice",
                        "inject - --lines < orders.ndjson")
                .addPositional(RemoteCommand.argument(0, "DATA", "What to inject: " + DataSource.FORMS + "."))
                .addOption(RemoteCommand.flag(
                        LINES, "Each line is a transaction; the key of --once gets the line's number."))
                .addOption(RemoteCommand.flag(TEXT, "The data is plain text, injected as a JSON string."))
                .addOption(
                        RemoteCommand.option(TYPE, "TYPE", "The type of the data, by which a chain's rules judge it."));
        Submission.options(spec);
        Author.options(spec);
        return RemoteCommand.of("inject", spec, context, InjectCommand::run);
    }

    private static ExitCode run(Call call) {
        String source = call.required(0, "the data: " + DataSource.FORMS);
        String type = call.option(TYPE).orElse("");
        Optional<String> once = Submission.once(call);
        boolean text = call.flag(TEXT);
        if (call.flag(LINES)) {
            if (call.flag(Submission.WAIT)) {
                throw new ConfigException("--wait is for one transaction; a batch of --lines is not waited for");
            }
            return new LineBatches(call, Author.of(call), type, once, text).send(source);
        }
        Bytes data = DataSource.data(DataSource.text(source, call.context().in()), text);
        Submission submission = new Submission(data, type, once);
        return Submission.inject(call, submission.body(Author.of(call)));
    }
}
