package io.qbc.node;

import io.qbc.config.ConfigException;
import java.io.ObjectInputFilter;
import java.util.Set;

/**
 * The filter of Java's own deserialization in the whole JVM: it refuses every object, as the node reads none, but for
 * the failures that members of a cluster tell each other of.
 */
public final class SerialFilter implements ObjectInputFilter {
    /** By which a filter is named when a JVM is started; the JVM looks at it then and never again. */
    static final String PROPERTY = "jdk.serialFilter";

    private static final String NOTHING = "!*";

    private static final int DEPTH_MAX = 64;
    private static final int ARRAY_MAX = 2_048;
    private static final int REFERENCES_MAX = 10_000;

    /** What an exception holds beside other exceptions. */
    private static final Set<String> PARTS = Set.of(
            "java.lang.StackTraceElement",
            "java.lang.String",
            "java.lang.Object",
            "java.util.ArrayList",
            "java.util.Collections$EmptyList",
            "java.util.Collections$UnmodifiableCollection",
            "java.util.Collections$UnmodifiableList",
            "java.util.Collections$UnmodifiableRandomAccessList");

    private static volatile boolean failures;

    SerialFilter() {}

    /** Lets exceptions pass from now on, and nothing else; for a member of a cluster, which would wait for ever. */
    static void permitFailures() {
        if (NOTHING.equals(System.getProperty(PROPERTY))) {
            throw new ConfigException("cluster.enabled needs a JVM without -D" + PROPERTY + "=" + NOTHING
                    + ", as members tell each other of failures by serialized exceptions; without it the node"
                    + " refuses all other objects by itself");
        }
        failures = true;
    }

    /**
     * Refuses all objects from now on; to be called before anything else. A filter that the JVM has already stays:
     * whoever names one needs it, for example to watch the process by JMX from elsewhere.
     */
    public static void refuseAll() {
        // Asking the JVM loads some 290 classes, which a start is spared where a filter was named, as in the image.
        if (System.getProperty(PROPERTY) == null && ObjectInputFilter.Config.getSerialFilter() == null) {
            try {
                ObjectInputFilter.Config.setSerialFilter(new SerialFilter());
            } catch (IllegalStateException e) {
                // Somebody else in this JVM was quicker, and one filter is all that it takes.
                return;
            }
        }
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (!failures
                || info.depth() > DEPTH_MAX
                || info.arrayLength() > ARRAY_MAX
                || info.references() > REFERENCES_MAX) {
            return Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        while (type.isArray()) {
            type = type.getComponentType();
        }
        boolean known = type.isPrimitive() || Throwable.class.isAssignableFrom(type) || PARTS.contains(type.getName());
        return known ? Status.ALLOWED : Status.REJECTED;
    }
}
