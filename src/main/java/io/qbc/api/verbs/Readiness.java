package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.Problems;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.Chains;
import io.qbc.bus.Catalogue.Damage;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node's answer on whether it is ready: it takes writes, and neither its default chain nor the store as a whole is
 * known to be damaged. Other chains that cannot serve are listed beside either answer.
 *
 * @param refusal why it is not ready, if so
 * @param damaged the chains that cannot be opened, and those in which damage was met
 * @param warnings what does not keep it from its work
 */
record Readiness(Optional<Refusal> refusal, List<DamagedChain> damaged, List<Warning> warnings) {
    private static final int UNAVAILABLE = 503;

    Readiness {
        damaged = List.copyOf(damaged);
        warnings = List.copyOf(warnings);
    }

    static Readiness of(Chains chains, Damage damage, StoreState store) {
        List<DamagedChain> damaged =
                Stream.concat(damage.chains().stream(), damage.met().stream()).toList();
        Optional<Refusal> refusal = store.refusal()
                .or(() -> chains.chains().stream()
                        .filter(chain -> !chain.writable())
                        .findFirst()
                        .map(Readiness::unwritable))
                .or(damage::store)
                .or(() -> damaged.stream()
                        .filter(DamagedChain::configured)
                        .findFirst()
                        .map(Readiness::broken));
        return new Readiness(refusal, damaged, List.of());
    }

    Readiness with(List<Warning> others) {
        return new Readiness(refusal, damaged, others);
    }

    /** Of a node whose store does not answer. */
    static Readiness unanswered(Refusal refusal) {
        return new Readiness(Optional.of(refusal), List.of(), List.of());
    }

    private static Refusal unwritable(Chain chain) {
        return Reason.STORE_READ_ONLY.refusal("the chain " + chain.name() + " takes no writes");
    }

    private static Refusal broken(DamagedChain chain) {
        return chain.refusal()
                .reason()
                .refusal("the chain " + chain.name() + ": " + chain.refusal().detail());
    }

    Answer answer() {
        return refusal.map(why -> Problems.answer(UNAVAILABLE, why, this::list))
                .orElseGet(() -> Answer.object(200, out -> list(out.text("status", "ready"))));
    }

    private void list(JsonWriter out) {
        if (!damaged.isEmpty()) {
            out.objects("damaged", damaged, JsonForms::damaged);
        }
        if (!warnings.isEmpty()) {
            out.objects("warnings", warnings, JsonForms::warning);
        }
    }
}
