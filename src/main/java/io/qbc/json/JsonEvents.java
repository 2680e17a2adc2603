package io.qbc.json;

/** A receiver of the values of a JSON text, in the order of the text; {@link JsonWalk} calls it. */
public interface JsonEvents {
    void openObject();

    /** The name of a member, whose value comes next. */
    void name(String name);

    void closeObject();

    void openArray();

    /** After each item of an array. */
    void endItem();

    void closeArray();

    void text(String text);

    /** A number as it is spelled, of any length. */
    void number(String text);

    void flag(boolean flag);

    /** JSON's null. */
    void nothing();
}
