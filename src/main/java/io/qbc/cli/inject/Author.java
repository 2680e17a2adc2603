package io.qbc.cli.inject;

import io.qbc.cli.call.AnswerTree;
import io.qbc.cli.call.Call;
import io.qbc.cli.call.CallFailure;
import io.qbc.cli.call.ExitCode;
import io.qbc.cli.call.RemoteCommand;
import io.qbc.cli.call.RemoteContext;
import io.qbc.client.request.TransactionRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.client.transport.TransactionText;
import io.qbc.client.transport.TransactionText.SignedChain;
import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** An author that signs transactions with a key that the node does not have, as the client makes them. */
record Author(Signer signer, SignedChain chain, RemoteContext context) {
    static final String KEY = "--key";
    private static final String DATA = "--data";

    static void options(CommandSpec spec) {
        spec.addOption(RemoteCommand.option(
                        KEY,
                        "KEY",
                        "Sign with this key: a name that qbc keys made, or a file with a slash or .key in it."))
                .addOption(RemoteCommand.option(DATA, "DIR", "Where named keys are; default data."));
    }

    /** The author that the flags name; nothing without {@code --key}. Asks the node about the chain. */
    static Optional<Author> of(Call call) {
        return call.option(KEY).map(key -> {
            Path file = file(key, call.option(DATA).orElse("data"));
            Signer signer = call.context()
                    .keys()
                    .apply(file)
                    .orElseThrow(() -> new ConfigException("there is no key " + file
                            + "; qbc keys new --name NAME makes one, qbc keys list shows them"));
            AnswerTree chain = call.ask(ApiVerb.FIND_CHAIN).granted().tree();
            Hash id = Hash.parse(chain.text("id"))
                    .orElseThrow(() -> new CallFailure(ExitCode.FAILED, "the node does not tell the chain's id"));
            int version = (int) chain.member("spec").member("rules").number("version");
            return new Author(signer, new SignedChain(id, version), call.context());
        });
    }

    private static Path file(String key, String data) {
        boolean file = key.indexOf('/') >= 0 || key.indexOf(File.separatorChar) >= 0 || key.endsWith(".key");
        return file ? Path.of(key) : Path.of(data).resolve("keys").resolve(key + ".key");
    }

    /** The whole transaction in JSON, the data's bytes as they are. */
    String signed(Bytes data, String type, Optional<String> once) {
        TransactionRequest request = new TransactionRequest(data.text(), once, type, Optional.empty());
        TransactionText.Author author = new TransactionText.Author(signer.key(), signer::sign);
        return TransactionText.signed(request, author, chain, context.clock().millis())
                .text();
    }
}
