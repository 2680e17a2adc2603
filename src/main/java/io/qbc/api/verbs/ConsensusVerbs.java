package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.FindQuant;
import io.qbc.bus.Catalogue.FoundQuant;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Status.Participant;
import io.qbc.consensus.engine.Status.Shift;
import io.qbc.ledger.Pin;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The verb that shows a chain's engine: who takes part, whose turn it is, what is final, and what it waits for. */
public final class ConsensusVerbs {
    private static final int ROUNDS_MAX = 10;

    private final Bus bus;
    private final ChainDirectory chains;
    private final QuantVerbs quants;
    private final Function<ChainSpec, Optional<Pin>> pins;

    /** @param pins which quant of a chain this node's operator vouches for */
    ConsensusVerbs(Bus bus, ChainDirectory chains, QuantVerbs quants, Function<ChainSpec, Optional<Pin>> pins) {
        this.bus = bus;
        this.chains = chains;
        this.quants = quants;
        this.pins = pins;
    }

    public Future<Answer> show(String name) {
        return chains.find(name)
                .compose(chain -> bus.ask(Catalogue.FIND_CONSENSUS, new FindConsensus(chain.id()))
                        .compose(status -> rounds(chain.id()).map(rounds -> shown(chain, status, rounds))));
    }

    /** The newest quants, the newest first. */
    private Future<List<QuantHead>> rounds(Hash chain) {
        return quants.head(chain)
                .compose(head -> Future.all(LongStream.range(0, ROUNDS_MAX)
                        .map(back -> head.header().height() - back)
                        .filter(height -> height >= 0)
                        .mapToObj(height ->
                                bus.ask(Catalogue.FIND_QUANT, new FindQuant(chain, new QuantName.ByHeight(height))))
                        .toList()))
                .map(found -> found.<FoundQuant>list().stream()
                        .map(FoundQuant::quant)
                        .flatMap(Optional::stream)
                        .toList());
    }

    private Answer shown(Known chain, Status status, List<QuantHead> rounds) {
        return Answer.object(
                200,
                out -> out.hex("chain", chain.id())
                        .text("engine", status.engine())
                        .objects("participants", status.participants(), ConsensusVerbs::participant)
                        .object("turn", status.turn(), ConsensusVerbs::turn)
                        .number("finality", status.finality())
                        .number("justified", status.justified())
                        .object("pin", pins.apply(chain.spec()), ConsensusVerbs::pin)
                        .number("missed", status.missed())
                        .objects("offences", status.offences(), ConsensusVerbs::offence)
                        .objects("rounds", rounds, ConsensusVerbs::round)
                        .texts("waiting", status.waiting()));
    }

    private static void participant(JsonWriter out, Participant participant) {
        out.hex("key", participant.key());
        out.number("power", participant.power());
        out.flag("barred", participant.barred());
        out.number("made", participant.made());
        out.number("missed", participant.missed());
    }

    private static void turn(JsonWriter out, Shift turn) {
        out.hex("key", turn.key());
        out.number("slot", turn.slot());
        out.number("until", turn.until());
    }

    private static void pin(JsonWriter out, Pin pin) {
        out.number("height", pin.height());
        out.hex("hash", pin.hash());
    }

    private static void offence(JsonWriter out, Offence offence) {
        out.hex("key", offence.key());
        out.number("height", offence.height());
        out.hex("first", offence.first());
        out.hex("second", offence.second());
    }

    private static void round(JsonWriter out, QuantHead quant) {
        out.number("height", quant.header().height());
        out.hex("hash", quant.hash());
        out.hex("producer", quant.header().producer());
        out.number("timestamp", quant.header().timestamp());
    }
}
