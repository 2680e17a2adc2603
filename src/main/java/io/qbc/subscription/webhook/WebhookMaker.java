package io.qbc.subscription.webhook;

import io.qbc.config.WebhookSettings;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Makes deliveries by webhook, which share a client. */
public final class WebhookMaker implements Delivery.Maker {
    private static final int RESOLVERS = 2;
    /** Fields of the header that a subscription may not set, as they frame the request or are the node's to say. */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "connection",
            "content-length",
            "content-type",
            "content-encoding",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "keep-alive",
            "proxy-connection",
            "user-agent");

    private static final String STANDARD = "webhook-";

    private final WebhookSender sender;
    private final WorkerExecutor workers;
    private final int parallelMax;
    private final Consumer<String> attempts;

    /**
     * One instance, for the event loop that it is made on.
     *
     * @param host where this node listens
     * @param port where this node listens
     * @param attempts is told what became of each attempt: delivered, throttled, gone or failed
     */
    public WebhookMaker(
            Vertx vertx,
            WebhookSettings settings,
            String host,
            IntSupplier port,
            InstantSource clock,
            Consumer<String> attempts) {
        this.attempts = attempts;
        this.parallelMax = settings.connections();
        workers = vertx.createSharedWorkerExecutor("qbc-webhook-names", RESOLVERS);
        sender = new WebhookSender(vertx, settings, host, port, workers, clock);
    }

    @Override
    public Optional<String> problem(Subscription subscription) {
        Optional<String> reserved = subscription.deliver().headers().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> RESERVED.contains(name) || name.startsWith(STANDARD))
                .findFirst();
        if (reserved.isPresent()) {
            return reserved.map(name -> "the node itself sets the field " + name + "; leave it out");
        }
        return read(subscription) instanceof WebhookTarget.Read.Wrong wrong
                ? Optional.of("the URL is not acceptable: " + wrong.why())
                : Optional.empty();
    }

    @Override
    public Delivery make(Subscription subscription) {
        if (read(subscription) instanceof WebhookTarget.Read.Fine fine) {
            return new WebhookDelivery(sender, fine.target(), parallelMax, attempts);
        }
        throw new IllegalStateException("a URL that was not acceptable is delivered to");
    }

    @Override
    public Future<Void> close() {
        return sender.close().eventually(workers::close);
    }

    private static WebhookTarget.Read read(Subscription subscription) {
        return WebhookTarget.read(subscription.deliver().url().orElse(""));
    }
}
