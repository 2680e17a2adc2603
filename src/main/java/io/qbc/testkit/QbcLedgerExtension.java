package io.qbc.testkit;

import io.qbc.client.BlockingQbcClient;
import io.qbc.client.QbcClient;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** The JUnit 5 extension behind {@link QbcLedger}: nodes before each test, and none after it. */
public final class QbcLedgerExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace OWN = Namespace.create(QbcLedgerExtension.class);
    private static final String VERTX = "vertx";
    private static final String NETWORK = "network";

    /** What a test may have as a parameter. */
    private static final Map<Class<?>, Function<LedgerNetwork, Object>> KNOWN = Map.of(
            LedgerNetwork.class, network -> network,
            LedgerNode.class, LedgerNetwork::node,
            LedgerClock.class, LedgerNetwork::clock,
            QbcClient.class, network -> network.node().client(),
            BlockingQbcClient.class, network -> network.node().blocking());

    /** One for all tests, closed by JUnit after the last of them. */
    private record SharedVertx(Vertx vertx) implements AutoCloseable {
        @Override
        public void close() {
            LedgerNetwork.await(vertx.close());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        QbcLedger wanted = AnnotationSupport.findAnnotation(context.getElement(), QbcLedger.class)
                .orElseGet(() -> ofClass(context.getRequiredTestClass()));
        Vertx vertx = context.getRoot()
                .getStore(OWN)
                .getOrComputeIfAbsent(VERTX, key -> new SharedVertx(Vertx.vertx()), SharedVertx.class)
                .vertx();
        LedgerNetwork.Setup setup = LedgerNetwork.of(vertx, wanted.nodes());
        for (String setting : wanted.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a setting is like pool.transactions=10, but is " + setting);
            }
            setup.config(
                    setting.substring(0, equals).strip(),
                    setting.substring(equals + 1).strip());
        }
        for (LedgerChain chain : wanted.chains()) {
            if (chain.spec().isEmpty()) {
                setup.chain(chain.value(), chain.engine());
            } else {
                setup.chain(chain.spec());
            }
        }
        store(context).put(NETWORK, setup.start());
    }

    /** Of a nested class the annotation may be that of the class around it. */
    private static QbcLedger ofClass(Class<?> type) {
        return AnnotationSupport.findAnnotation(type, QbcLedger.class).orElseGet(() -> {
            if (type.getEnclosingClass() == null) {
                throw new IllegalStateException("a test with this extension has the annotation QbcLedger");
            }
            return ofClass(type.getEnclosingClass());
        });
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LedgerNetwork network = store(context).remove(NETWORK, LedgerNetwork.class);
        if (network != null) {
            network.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return KNOWN.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        LedgerNetwork network = store(context).get(NETWORK, LedgerNetwork.class);
        return KNOWN.get(parameter.getParameter().getType()).apply(network);
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(OWN);
    }
}
