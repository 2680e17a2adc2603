package io.qbc.spec;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.stake.StakeEngine;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the member {@code consensus} of a spec: the engine's name, and its parameters with every default. */
final class EngineReader {
    private static final String PARTICIPANTS = "participants";
    private static final String STAKES = "stakes";

    private EngineReader() {}

    /** @param self the one participant where the spec lists none */
    static ChainSpec.Consensus read(SpecObject consensus, Bytes self) {
        String engine = consensus.text("engine", 64);
        if (!Engines.NAMES.contains(engine)) {
            consensus.wrong("engine", "must be one of " + String.join(", ", Engines.NAMES));
            return new ChainSpec.Consensus(engine, new TreeMap<>(), List.of());
        }
        List<Parameter> parameters = Engines.parameters(engine);
        int participantsMax = Engines.participantsMax(engine);
        boolean staked = engine.equals("pos") || engine.equals("dpos");
        consensus.only(members(parameters, participantsMax > 0, staked));
        SortedMap<String, Long> numbers = new TreeMap<>();
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            numbers.put(name, consensus.number(name, parameter.least(), parameter.most(), parameter.standard()));
        }
        if (participantsMax == 0) {
            return new ChainSpec.Consensus(engine, numbers, List.of());
        }
        List<Bytes> keys = consensus.has(PARTICIPANTS) ? participants(consensus, participantsMax) : List.of(self);
        List<Long> stakes = staked && consensus.has(STAKES) ? stakes(consensus, keys.size()) : List.of();
        return new ChainSpec.Consensus(engine, numbers, keys, stakes);
    }

    private static List<String> members(List<Parameter> parameters, boolean participants, boolean staked) {
        List<String> names = new ArrayList<>(List.of("engine"));
        parameters.forEach(parameter -> names.add(parameter.name()));
        if (participants) {
            names.add(PARTICIPANTS);
        }
        if (staked) {
            names.add(STAKES);
        }
        return names;
    }

    private static List<Bytes> participants(SpecObject consensus, int countMax) {
        List<Bytes> keys = new ArrayList<>();
        for (String hex : consensus.texts(PARTICIPANTS, countMax)) {
            String place = PARTICIPANTS + "/" + keys.size();
            Optional<Bytes> key = Hash.parse(hex).map(parsed -> Bytes.wrap(parsed.bytes()));
            if (key.isEmpty()) {
                consensus.wrong(place, "must be a public key of 64 hexadecimal digits");
            } else if (keys.contains(key.get())) {
                consensus.wrong(place, "is listed before");
            }
            keys.add(key.orElse(Bytes.EMPTY));
        }
        if (keys.isEmpty()) {
            consensus.wrong(PARTICIPANTS, "must list a key; leave it out for this node alone");
        }
        return keys;
    }

    private static List<Long> stakes(SpecObject consensus, int count) {
        List<Long> stakes = new ArrayList<>();
        if (!(consensus.value(STAKES) instanceof List<?> list) || list.size() != count) {
            consensus.wrong(STAKES, "must be a list with one stake a participant");
            return stakes;
        }
        for (Object item : list) {
            boolean sound = item instanceof Long stake && stake >= 1 && stake <= StakeEngine.STAKE_MAX;
            if (!sound) {
                consensus.wrong(
                        STAKES + "/" + stakes.size(), "must be a whole number of 1 to " + StakeEngine.STAKE_MAX);
            }
            stakes.add(sound ? (Long) item : 0L);
        }
        return stakes;
    }
}
