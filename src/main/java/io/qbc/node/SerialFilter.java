package io.qbc.node;

import java.io.ObjectInputFilter;

/** The filter of Java's own deserialization in the whole JVM: it refuses every object, as the node reads none. */
public final class SerialFilter implements ObjectInputFilter {
    /** By which a filter is named when a JVM is started; the JVM looks at it then and never again. */
    static final String PROPERTY = "jdk.serialFilter";

    private SerialFilter() {}

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
        return Status.REJECTED;
    }
}
