package io.qbc.fuzz;

import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.KeyRingText;
import io.qbc.api.json.ExactJson;
import io.qbc.api.json.QuantReader;
import io.qbc.bus.Failure;
import io.qbc.config.Cidr;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.PeerAddress;
import io.qbc.config.Span;
import io.qbc.config.StoredJson;
import io.qbc.gossip.chains.FollowFile;
import io.qbc.gossip.peers.PeerFile;
import io.qbc.http.auth.OriginRules;
import io.qbc.http.auth.ProxyRules;
import io.qbc.http.server.RequestKey;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.json.StrictJson;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.message.PeerMethod.Payload;
import io.qbc.schema.SchemaCheck;
import io.qbc.schema.SchemaRules;
import io.qbc.schema.regex.LinearPattern;
import io.qbc.spec.ChainSpecReader;
import io.qbc.spec.ForkReader;
import io.qbc.spec.SpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A reader of bytes that others send or leave: it takes any input and says yes or no. Anything else that it throws is a
 * fault, as is an input that it takes and does not give back the same.
 */
public enum FuzzTarget {
    /** The strict JSON reader, and what reads on where it has passed a text. */
    JSON {
        @Override
        void read(Bytes input) {
            boolean fine = StrictJson.check(input, LIMITS).isEmpty();
            boolean bounded = StrictJson.checkBounded(input, LIMITS).isEmpty();
            boolean object = StrictJson.object(input, LIMITS).fault().isEmpty();
            expect(fine || !(bounded || object), "one reading takes what another refuses");
            if (fine) {
                JsonValue.read(input);
            }
            if (object) {
                ExactJson.object(input);
            }
            if (bounded) {
                String written = JsonTree.write(JsonTree.read(input));
                Bytes again = Bytes.utf8(written);
                expect(StrictJson.check(again, WIDE).isEmpty(), "what was written is refused");
                expect(JsonTree.write(JsonTree.read(again)).equals(written), "written twice it differs");
            }
        }
    },
    /** The encoding of a transaction. */
    TRANSACTION {
        @Override
        void read(Bytes input) {
            Optional<Transaction> read = Transaction.decode(input);
            if (read.isPresent()) {
                Transaction.Parts parts = read.get().parts();
                Transaction made = Transaction.of(parts.body(), parts.salt(), parts.signature(), parts.payload());
                expect(made.encoded().equals(input), "two encodings of one transaction");
                expect(made.id().equals(read.get().id()), "two ids of one transaction");
            }
        }
    },
    /** The JSON form of a quant. */
    QUANT {
        @Override
        void read(Bytes input) {
            try {
                Quant quant = new QuantReader(1 << 20, 32).read(input, CHAIN.id());
                expect(!quant.header().hash().equals(Hash.ZERO), "a header without a hash");
            } catch (Failure refused) {
                expect(!refused.refusal().detail().isEmpty(), "a refusal without words");
            }
        }
    },
    /** The frames of peers, each after a line with the word of its method, and {@code -answer} for an answer. */
    FRAME {
        @Override
        void read(Bytes input) {
            int end = 0;
            while (end < input.size() && input.array()[input.offset() + end] != '\n') {
                end++;
            }
            String name = input.slice(0, end).text();
            String word = name.replaceFirst("-answer$", "");
            Optional<PeerMethod<?, ?>> method = PeerMethod.of(word);
            if (end < input.size() && method.isPresent()) {
                Payload<?> payload = name.equals(word)
                        ? method.get().request()
                        : method.get().answer();
                frame(payload, input.slice(end + 1, input.size() - end - 1));
            }
        }
    },
    /** A chain's spec. */
    SPEC {
        @Override
        void read(Bytes input) {
            try {
                ChainSpec spec = ChainSpecReader.read(input, "the text", Samples.SIGNER.key(), Samples.GENESIS_TIME);
                ChainSpec again = ChainSpecReader.read(spec.document(), "the document");
                expect(again.id().equals(spec.id()), "the document is another chain");
                expect(again.document().equals(spec.document()), "the document is written in another way");
            } catch (SpecException refused) {
                expect(!refused.refusal().detail().isEmpty(), "a refusal without words");
            }
        }
    },
    /** What a fork changes. */
    FORK {
        @Override
        void read(Bytes input) {
            ChainSpec.ForkPoint point = new ChainSpec.ForkPoint(CHAIN.id(), 0, CHAIN.id(), 0, Hash.ZERO);
            try {
                ForkReader.read(input, "the text", CHAIN, point, Samples.SIGNER.key(), Samples.GENESIS_TIME);
            } catch (SpecException refused) {
                expect(!refused.refusal().detail().isEmpty(), "a refusal without words");
            }
        }
    },
    /** A JSON Schema, and after a zero byte data for it. */
    SCHEMA {
        @Override
        void read(Bytes input) {
            String[] parts = halves(input);
            boolean fine = Stream.of(parts)
                    .allMatch(part ->
                            StrictJson.checkBounded(Bytes.utf8(part), LIMITS).isEmpty());
            if (!fine || !SchemaCheck.faults(parts[0]).isEmpty()) {
                return;
            }
            Bytes text = Bytes.utf8(
                    "{\"name\":\"a\",\"consensus\":{\"engine\":\"dbc\"},\"rules\":{\"schema\":" + parts[0] + "}}");
            try {
                ChainSpec spec = ChainSpecReader.read(text, "the text", Samples.SIGNER.key(), Samples.GENESIS_TIME);
                DataRules rules = new SchemaRules().apply(spec);
                Optional<String> first = rules.breach("", Bytes.utf8(parts[1])).map(Object::toString);
                expect(first.equals(rules.breach("", Bytes.utf8(parts[1])).map(Object::toString)), "two verdicts");
            } catch (SpecException refused) {
                // A spec asks for more than a schema alone: numbers that doubles can hold.
                expect(!refused.refusal().detail().isEmpty(), "a refusal without words");
            }
        }
    },
    /** A regular expression, and after a zero byte a text for it. */
    PATTERN {
        @Override
        void read(Bytes input) {
            String[] parts = halves(input);
            if (LinearPattern.fault(parts[0]).isEmpty()) {
                LinearPattern pattern = LinearPattern.of(parts[0]);
                long[] steps = new long[1];
                pattern.find(parts[1], new LinearPattern.Scratch(), taken -> steps[0] += taken);
                expect(steps[0] <= (parts[1].length() + 2L) * (pattern.size() + 2L), "more steps than said");
            }
        }
    },
    /** The node's configuration. */
    CONFIG {
        @Override
        void read(Bytes input) {
            Path file = file(input);
            try {
                ConfigReader.read(file.getParent(), Optional.of(file), Map.of(), List.of());
            } catch (ConfigException refused) {
                expect(!String.valueOf(refused.getMessage()).isEmpty(), "a refusal without words");
            }
        }
    },
    /** Files of earlier runs: keys of callers, peers, chains to follow. */
    STORED {
        @Override
        void read(Bytes input) {
            Path file = file(input);
            try {
                KeyRingText.read(StoredJson.read(file));
            } catch (IOException | IllegalArgumentException refused) {
                expect(refused.getMessage() != null, "a refusal without words");
            }
            stored(file, "peers.json", directory -> new PeerFile(directory).read());
            stored(file, "following.json", directory -> new FollowFile(directory).read());
        }
    },
    /** Addresses, and header fields about where a request comes from. */
    ADDRESS {
        @Override
        void read(Bytes input) {
            String[] parts = halves(input);
            if (PeerAddress.read(parts[0]) instanceof PeerAddress.Reading.Fine fine) {
                expect(PeerAddress.read(fine.address().text()).equals(fine), "an address has two spellings");
            }
            Cidr.parse(parts[0]).ifPresent(block -> expect(block.contains(block.base()), "a block without its base"));
            Optional<String> second = Optional.of(parts[1]);
            new ProxyRules(List.of("127.0.0.0/8")).client(List.of(parts[0]), List.of(parts[1]));
            new OriginRules(List.of("https://app.example")).source(Optional.of(parts[0]), second, "localhost");
        }
    },
    /** Short texts that say what somebody wants: keys, roles, times. */
    WORD {
        @Override
        void read(Bytes input) {
            String text = input.text();
            ApiKey.Token.parse(text).ifPresent(token -> expect(token.text().equals(text), "a key has two spellings"));
            Grant.parse(text);
            Span.parse(text);
            try {
                RequestKey.parse(text);
            } catch (Failure refused) {
                expect(!refused.refusal().detail().isEmpty(), "a refusal without words");
            }
        }
    };

    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);
    /** What is written may be longer than what was read. */
    private static final JsonLimits WIDE = new JsonLimits(1 << 24, 32);

    private static final ChainSpec CHAIN = ChainSpecReader.read(
            Bytes.utf8("{\"name\":\"main\",\"consensus\":{\"engine\":\"dbc\"}}"),
            "the test",
            Samples.SIGNER.key(),
            Samples.GENESIS_TIME);

    /** Where readers of files find their input. */
    private static final class Place {
        static final Path DIRECTORY = made();

        private static Path made() {
            try {
                Path directory = Files.createTempDirectory("fuzz");
                directory.toFile().deleteOnExit();
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Something that reads a file in a directory. */
    @FunctionalInterface
    private interface Reading {
        Object of(Path directory) throws IOException;
    }

    abstract void read(Bytes input);

    /** Reads an input; whatever it throws is a fault of the reader. */
    public final void accept(byte[] input) {
        read(Bytes.wrap(input.clone()));
    }

    /** The name of its directory below {@code fuzz}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static <M extends Message> void frame(Payload<M> payload, Bytes frame) {
        Optional<M> message = payload.codec().decode(frame);
        message.ifPresent(read -> expect(payload.codec().encode(read).equals(frame), "two frames of one message"));
    }

    /** What is before the first zero byte, and what is after it. */
    private static String[] halves(Bytes input) {
        String text = new String(input.toArray(), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? new String[] {text, "0"} : new String[] {text.substring(0, end), text.substring(end + 1)};
    }

    private static Path file(Bytes input) {
        return write(Place.DIRECTORY.resolve("input"), input.toArray());
    }

    private static void stored(Path from, String name, Reading reading) {
        try {
            write(from.resolveSibling(name), Files.readAllBytes(from));
            expect(!reading.of(from.getParent()).toString().isEmpty(), "nothing was read");
        } catch (IOException refused) {
            expect(refused.getMessage() != null, "a refusal without words");
        }
    }

    private static Path write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes).toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
