package io.qbc.config;

import io.qbc.ledger.Pin;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pinned quant as the configuration has it: the chain's name or id, the height, and the quant's hash. */
record Pinned(String chain, Pin pin) {
    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9-]{0,63}|[0-9a-f]{64})@(0|[1-9][0-9]{0,14})=([0-9a-f]{64})");

    /** Refuses what is no pin, and a second one for the same chain. */
    static void check(List<String> texts) {
        Set<String> chains = new HashSet<>();
        for (String text : texts) {
            if (!chains.add(parse(text).chain())) {
                throw new ConfigException("chains.pins must have one pin a chain, but has another with '" + text + "'");
            }
        }
    }

    /** The pin of a chain; one that names its id goes before one that names its name. */
    static Optional<Pin> of(List<String> texts, ChainSpec spec) {
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        List<Pinned> all = texts.stream().map(Pinned::parse).toList();
        return named(all, spec.id().hex()).or(() -> named(all, spec.name()));
    }

    private static Optional<Pin> named(List<Pinned> all, String chain) {
        return all.stream()
                .filter(pinned -> pinned.chain().equals(chain))
                .map(Pinned::pin)
                .findFirst();
    }

    private static Pinned parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new ConfigException("chains.pins must be like main@1200= and 64 hexadecimal digits, the chain's name"
                    + " or id, the height and the hash of a quant, but has '" + text + "'");
        }
        return new Pinned(
                form.group(1),
                new Pin(Long.parseLong(form.group(2)), Hash.parse(form.group(3)).orElseThrow()));
    }
}
