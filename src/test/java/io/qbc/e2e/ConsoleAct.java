package io.qbc.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that the console lets people do.
 *
 * @param role who may do it
 * @param node whether the role must be held for the node and all chains
 * @param page where it is done; here and in the calls, {@code OWN}, {@code VOTES} and {@code TABLES} are the caller's
 * @param button what the button says, as a regular expression
 * @param calls the same without the console, as method, path and body
 */
record ConsoleAct(
        String name,
        String role,
        boolean node,
        String page,
        String button,
        Doing does,
        Effect effect,
        List<Call> calls) {

    /** A call of the node. */
    record Call(String method, String path, String json) {}

    /** How somebody does it who may. */
    interface Doing {
        void by(ConsolePage console, ConsoleCaller caller) throws Exception;
    }

    /** Whether it is done, as an admin sees it by REST. */
    interface Effect {
        boolean seen(ConsoleCaller admin, ConsoleCaller caller) throws Exception;
    }

    static Builder chain(String name, String role, String page, String button) {
        return new Builder(name, role, false, page, button, List.of());
    }

    static Builder node(String name, String role, String page, String button) {
        return new Builder(name, role, true, page, button, List.of());
    }

    /** An act of which the doing and the effect are still to be said. */
    record Builder(String name, String role, boolean node, String page, String button, List<Call> calls) {
        Builder call(String method, String path, String json) {
            List<Call> all = new ArrayList<>(calls);
            all.add(new Call(method, path, json));
            return new Builder(name, role, node, page, button, List.copyOf(all));
        }

        ConsoleAct is(Doing does, Effect effect) {
            return new ConsoleAct(name, role, node, page, button, does, effect, calls);
        }
    }
}
