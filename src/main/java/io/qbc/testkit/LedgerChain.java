package io.qbc.testkit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A chain of a test's nodes, made before the test. */
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface LedgerChain {
    /** Its name. */
    String value();

    /** Its engine; {@code dbc} is sealed by the first node alone, and at once. */
    String engine() default "dbc";

    /** Its whole spec in JSON, in place of the name and the engine. */
    String spec() default "";
}
