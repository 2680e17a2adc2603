package io.qbc.api;

import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.json.JsonBuffer;
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
import io.qbc.ledger.Pin;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/** How a chain's engine fares: who takes part, whose turn it is, what is final, and what it waits for. */
public final class ConsensusVerbs {
    private static final int ROUNDS = 10;

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
                .compose(head -> Future.all(LongStream.range(0, ROUNDS)
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
        JsonBuffer out = new JsonBuffer(2048).raw("{\"chain\":").hex(chain.id());
        out.raw(",\"engine\":").text(status.engine());
        participants(out, status.participants());
        out.raw(",\"turn\":");
        status.turn()
                .ifPresentOrElse(
                        turn -> {
                            out.raw("{\"key\":").hex(turn.key());
                            out.raw(",\"slot\":").number(turn.slot());
                            out.raw(",\"until\":").number(turn.until()).raw("}");
                        },
                        () -> out.raw("null"));
        out.raw(",\"finality\":").number(status.finality());
        out.raw(",\"justified\":").number(status.justified());
        pin(out, pins.apply(chain.spec()));
        out.raw(",\"missed\":").number(status.missed());
        offences(out, status.offences());
        rounds(out, rounds);
        out.raw(",\"waiting\":[");
        String comma = "";
        for (String sentence : status.waiting()) {
            out.raw(comma).text(sentence);
            comma = ",";
        }
        return Answer.json(200, out.raw("]}"));
    }

    private static void pin(JsonBuffer out, Optional<Pin> pin) {
        out.raw(",\"pin\":");
        pin.ifPresentOrElse(
                known -> {
                    out.raw("{\"height\":").number(known.height());
                    out.raw(",\"hash\":").hex(known.hash()).raw("}");
                },
                () -> out.raw("null"));
    }

    private static void participants(JsonBuffer out, List<Participant> participants) {
        out.raw(",\"participants\":[");
        String comma = "";
        for (Participant participant : participants) {
            out.raw(comma).raw("{\"key\":").hex(participant.key());
            out.raw(",\"power\":").number(participant.power());
            out.raw(",\"barred\":").raw(Boolean.toString(participant.barred()));
            out.raw(",\"made\":").number(participant.made());
            out.raw(",\"missed\":").number(participant.missed()).raw("}");
            comma = ",";
        }
        out.raw("]");
    }

    private static void offences(JsonBuffer out, List<Offence> offences) {
        out.raw(",\"offences\":[");
        String comma = "";
        for (Offence offence : offences) {
            out.raw(comma).raw("{\"key\":").hex(offence.key());
            out.raw(",\"height\":").number(offence.height());
            out.raw(",\"first\":").hex(offence.first());
            out.raw(",\"second\":").hex(offence.second()).raw("}");
            comma = ",";
        }
        out.raw("]");
    }

    private static void rounds(JsonBuffer out, List<QuantHead> rounds) {
        out.raw(",\"rounds\":[");
        String comma = "";
        for (QuantHead quant : rounds) {
            out.raw(comma).raw("{\"height\":").number(quant.header().height());
            out.raw(",\"hash\":").hex(quant.hash());
            out.raw(",\"producer\":").hex(quant.header().producer());
            out.raw(",\"timestamp\":").number(quant.header().timestamp()).raw("}");
            comma = ",";
        }
        out.raw("]");
    }
}
