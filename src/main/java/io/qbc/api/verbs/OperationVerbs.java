package io.qbc.api.verbs;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.CallerKey;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainDirectory.Known;
import io.qbc.api.TransactionReader;
import io.qbc.api.WaitTime;
import io.qbc.api.json.JsonFields;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindConsensus;
import io.qbc.bus.Catalogue.Operate;
import io.qbc.bus.Failure;
import io.qbc.config.Callers;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.Status;
import io.qbc.json.JsonLimits;
import io.qbc.json.JsonObjectText;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The verb by which this node makes an operation of a chain's engine, signs it with its own key, and injects it. */
public final class OperationVerbs {
    private static final Set<String> KNOWN = Set.of("type", "data", "key");

    private final Bus bus;
    private final ChainDirectory chains;
    private final TransactionReader reader;
    private final TransactionVerbs transactions;
    private final ApiContext api;

    OperationVerbs(
            Bus bus, ChainDirectory chains, TransactionReader reader, TransactionVerbs transactions, ApiContext api) {
        this.bus = bus;
        this.chains = chains;
        this.reader = reader;
        this.transactions = transactions;
        this.api = api;
    }

    /**
     * What a caller asks for beside the body.
     *
     * @param key the caller's, where it is not in the body
     * @param proved whether the caller showed a key, or is known to be on this machine
     */
    public record OperateOptions(CallerKey key, Optional<WaitTime> waitTime, boolean proved) {}

    /** Answers as for an inject: when the operation is durable, or in a quant if that is wished. */
    public Future<Answer> operate(String chain, Bytes body, OperateOptions options) {
        refuseStranger(options);
        JsonObjectText text = StrictJson.object(body, limits());
        text.fault().ifPresent(fault -> {
            throw new Failure(Reason.JSON_INVALID, fault.toString());
        });
        JsonFields.refuseUnknown(text, KNOWN);
        return chains.find(chain).compose(known -> {
            OperationForm form = form(known, text.string("type"));
            Bytes data = text.member("data")
                    .orElseThrow(() -> new Failure(Reason.PAYLOAD_MISSING, "a member named data is required"));
            form.fault(data).ifPresent(fault -> {
                throw new Failure(Reason.PAYLOAD_INVALID, fault);
            });
            Operate operate =
                    operate(known, form, form.payload(data), options.key().read(text));
            return bus.ask(Catalogue.FIND_CONSENSUS, new FindConsensus(known.id()))
                    .map(this::refuseWithoutPart)
                    .compose(taking -> bus.ask(Catalogue.OPERATE, operate))
                    .compose(injected -> transactions.answer(
                            chain, known, injected.admissions().get(0), options.waitTime()));
        });
    }

    private Operate operate(Known chain, OperationForm form, Bytes payload, Optional<Bytes> key) {
        Bytes random = reader.random();
        return new Operate(
                chain.id(),
                Bytes.utf8(form.type()),
                payload,
                key.orElseGet(() -> random.slice(Transaction.SALT_BYTES, Transaction.SALT_BYTES)),
                random.slice(0, Transaction.SALT_BYTES));
    }

    /** Anybody who may have this key sign could give away what it holds. */
    private void refuseStranger(OperateOptions options) {
        Callers callers = api.config().consensus().operations();
        if (callers == Callers.NONE || (callers == Callers.PROVED && !options.proved())) {
            throw new Failure(
                    Reason.OPERATION_NOT_PERMITTED,
                    callers == Callers.NONE
                            ? "consensus.operations is none"
                            : "consensus.operations is proved: ask on the node's own machine, not by a proxy or a"
                                    + " browser, or show a key where access.mode is required; or sign with a key of"
                                    + " your own and inject");
        }
    }

    private static OperationForm form(Known chain, Optional<String> type) {
        String engine = chain.spec().consensus().engine();
        List<OperationForm> forms = Engines.operations(engine);
        return forms.stream()
                .filter(form -> type.filter(form.type()::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, unknown(engine, forms)));
    }

    private static String unknown(String engine, List<OperationForm> forms) {
        return forms.isEmpty()
                ? "the chain's engine " + engine + " has no operations"
                : "type must be one of the operations of the chain's engine " + engine + ": "
                        + String.join(
                                ", ", forms.stream().map(OperationForm::type).toList());
    }

    /** An operation of a key without a part stands in the chain and does nothing, which nobody asks for. */
    private Status refuseWithoutPart(Status status) {
        boolean part = status.participants().stream()
                .anyMatch(participant -> participant.key().equals(api.identity()));
        if (!part) {
            throw new Failure(
                    Reason.OPERATION_NOT_PERMITTED,
                    "this node's key " + api.identity().hex() + " has no part in the chain");
        }
        return status;
    }

    private JsonLimits limits() {
        return new JsonLimits(
                api.config().limits().bodyBytes(), api.config().limits().jsonDepth());
    }
}
