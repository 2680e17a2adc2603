package io.qbc.spec;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a fork changes, and makes its whole spec: everything else stays as its parent has it. */
public final class ForkReader {
    private static final List<String> CHANGES =
            List.of("name", "description", "genesisTime", "consensus", "limits", "leap", "rules");
    private static final List<String> KNOWN =
            List.of("at", "name", "description", "genesisTime", "consensus", "limits", "leap", "rules");

    private ForkReader() {}

    /**
     * The spec of a fork. New rules have the version after the parent's.
     *
     * @param text the request: a name, and what is to be other than the parent's; a member {@code at} is the caller's
     * @param source what to call the text in messages
     * @param point the last quant that the fork shares with its parent
     * @param self this node's public key, the one participant of a new engine that needs some and lists none
     * @param now the genesis time of a fork without one, milliseconds since 1970
     */
    public static ChainSpec read(
            Bytes text, String source, ChainSpec parent, ChainSpec.ForkPoint point, Bytes self, long now) {
        SpecObject request = SpecObject.read(text, source).only(KNOWN);
        request.require("name");
        LinkedHashMap<String, Object> spec = new LinkedHashMap<>();
        SpecObject inherited = SpecObject.read(parent.document(), "the parent's spec");
        inherited.members().forEach((name, value) -> spec.put(name.toString(), value));
        spec.remove("genesisTime");
        CHANGES.stream().filter(request::has).forEach(name -> spec.put(name, request.value(name)));
        if (request.has("rules")) {
            spec.put("rules", rules(request.object("rules"), parent.rulesVersion() + 1L));
        }
        SpecDocument.put(spec, point);
        return ChainSpecReader.read(new SpecObject(request.faults(), "", spec), self, now);
    }

    private static Map<String, Object> rules(SpecObject rules, long version) {
        if (rules.has("version")) {
            rules.number("version", version, version);
        }
        Map<String, Object> versioned = new LinkedHashMap<>();
        rules.members().forEach((name, value) -> versioned.put(name.toString(), value));
        versioned.put("version", version);
        return versioned;
    }
}
