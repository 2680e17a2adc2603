package io.qbc.cli.remote;

import io.qbc.client.transport.ApiVerb;
import io.qbc.config.ConfigException;
import io.qbc.json.JsonTree;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.io.File;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** An author that signs transactions with a key that the node does not have; it makes their canonical bytes. */
record Author(Signer signer, Hash chain, int rulesVersion, RemoteContext context) {
    static final String KEY = "--key";
    private static final String DATA = "--data";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ENGINE_PREFIX = "qbc.";

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
            return new Author(signer, id, version, call.context());
        });
    }

    private static Path file(String key, String data) {
        boolean file = key.indexOf('/') >= 0 || key.indexOf(File.separatorChar) >= 0 || key.endsWith(".key");
        return file ? Path.of(key) : Path.of(data).resolve("keys").resolve(key + ".key");
    }

    /** The whole transaction in JSON, the data's bytes as they are. */
    String signed(Bytes data, String type, Optional<String> once) {
        byte[] random = new byte[2 * Transaction.SALT_BYTES];
        RANDOM.nextBytes(random);
        Bytes salt = Bytes.wrap(random).slice(0, Transaction.SALT_BYTES);
        Bytes key = once.map(Bytes::utf8)
                .orElseGet(() -> Bytes.wrap(random).slice(Transaction.SALT_BYTES, Transaction.SALT_BYTES));
        Body body = new Body(
                Canonical.VERSION,
                chain,
                context.clock().millis(),
                key,
                signer.key(),
                Bytes.utf8(type),
                type.startsWith(ENGINE_PREFIX) ? 0 : rulesVersion,
                Canonical.commitment(salt, data),
                data.size());
        Transaction unsigned = Transaction.of(body, salt, Bytes.EMPTY, data);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", (long) body.version());
        members.put("id", unsigned.id().hex());
        members.put("timestamp", body.timestamp());
        members.put("key", key.hex());
        members.put("author", signer.key().hex());
        members.put("type", type);
        members.put("schema", (long) body.schema());
        members.put("commitment", body.commitment().hex());
        members.put("length", (long) body.length());
        members.put("salt", salt.hex());
        members.put(
                "signature",
                signer.sign(Canonical.transactionSigned(unsigned.id())).hex());
        return Submission.withData(JsonTree.write(members), data);
    }
}
