package io.qbc.node;

/** The filter of Java's own deserialization in the whole JVM: it refuses every object, as the node reads none. */
public final class SerialFilter {
    static final String PROPERTY = "jdk.serialFilter";
    static final String NOTHING = "!*";

    private SerialFilter() {}

    /**
     * Refuses all objects from now on. To be called before anything else, since the JVM looks at the property once, at
     * the first stream of objects. A filter that was named at the JVM's start stays: whoever names one needs it, for
     * example to watch the process by JMX from elsewhere.
     */
    public static void refuseAll() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, NOTHING);
        }
    }
}
