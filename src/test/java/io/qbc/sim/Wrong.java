package io.qbc.sim;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Engines with a planted bug. */
final class Wrong {
    private Wrong() {}

    /** One that calls a quant final when half of the signers can have built on it. */
    static Engine finalAtHalf(Engine engine, int signers) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("finality")) {
                        return Math.max(0, ((Parent) arguments[0]).header().height() - signers / 2);
                    }
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
