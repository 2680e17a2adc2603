package io.qbc.subscription.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.bus.Ask;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Topic;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.subscription.Delivery;
import io.qbc.subscription.Delivery.Offer;
import io.qbc.subscription.Delivery.Outcome;
import io.qbc.subscription.Delivery.Then;
import io.qbc.subscription.Subscription;
import io.qbc.subscription.SubscriptionReader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusDeliveryTest {
    private final Vertx vertx = Vertx.vertx();
    private final BusMaker maker = new BusMaker(vertx);

    @AfterEach
    void close() {
        Patience.get(vertx.close());
    }

    private static Subscription to(String address, String more) {
        String document = "{\"deliver\":{\"kind\":\"bus\",\"address\":\"" + address + "\"" + more + "}}";
        return SubscriptionReader.read(Hash.ZERO, "orders", Bytes.utf8(document));
    }

    private static SubscribedEvent event(long index) {
        return new SubscribedEvent(
                Long.toString(index),
                false,
                index,
                index + 1,
                1,
                Hash.ZERO,
                0,
                9,
                Optional.of(Hash.ZERO),
                Optional.empty(),
                Optional.empty());
    }

    private Outcome offer(Subscription subscription) {
        Delivery delivery = maker.make(subscription);
        return Patience.get(delivery.offer(new Offer(subscription, List.of(event(7), event(8)), 0, List.of())));
    }

    @Test
    void aReplyAcknowledgesOneEvent() {
        AtomicReference<String> got = new AtomicReference<>("");
        vertx.eventBus().<Buffer>consumer("orders.committed", message -> {
            got.set(message.headers().get("id") + " "
                    + message.headers().get("content-type") + " "
                    + message.body().toJsonObject().getString("id"));
            message.reply(null);
        });
        assertThat(offer(to("orders.committed", ""))).isEqualTo(new Outcome(1, new Then.GoOn()));
        assertThat(got).hasValue("orders:7 application/cloudevents+json 7");
    }

    @Test
    void aReplyAcknowledgesABatch() {
        AtomicReference<String> got = new AtomicReference<>("");
        vertx.eventBus().<Buffer>consumer("orders.committed", message -> {
            got.set(message.headers().get("id") + " "
                    + message.body().toJsonArray().size());
            message.reply("taken");
        });
        assertThat(offer(to("orders.committed", ",\"batch\":10"))).isEqualTo(new Outcome(2, new Then.GoOn()));
        assertThat(got).hasValue("orders:7-8 2");
    }

    @Test
    void withoutAReplyItIsTriedAgain() {
        assertThat(offer(to("nobody", ""))).isEqualTo(Outcome.retry("nobody listens at nobody", Optional.empty()));
        vertx.eventBus().consumer("silent", message -> {});
        assertThat(offer(to("silent", ",\"timeout\":\"PT0.1S\"")))
                .isEqualTo(Outcome.retry("no reply from silent in time", Optional.empty()));
        vertx.eventBus().consumer("failing", message -> message.fail(3, "the table is locked"));
        assertThat(offer(to("failing", "")))
                .isEqualTo(Outcome.retry("the consumer at failing failed: the table is locked", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders.committed", "a/b:c-d_e", "QBC.x", "qbcs.x", "minings"})
    void addressesOfProgramsAreFree(String address) {
        assertThat(maker.problem(to(address, ""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qbc.v1.leap", "qbc", "__vertx.reply.1", ".x", "a b", "vertx.x", "\u00fc"})
    void othersAreNot(String address) {
        assertThat(maker.problem(to(address, ""))).isPresent();
    }

    @Test
    void noAddressInsideANodeIsFree() throws IllegalAccessException {
        int checked = 0;
        for (Field field : Catalogue.class.getFields()) {
            Object message = field.get(null);
            String address = message instanceof Ask<?, ?> ask
                    ? ask.address()
                    : message instanceof Topic<?> topic ? topic.address() : "";
            if (!address.isEmpty()) {
                assertThat(maker.problem(to(address, ""))).as(address).isPresent();
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(50);
    }
}
