package io.qbc.client.answer;

/** What became of one transaction of a batch. */
public sealed interface BatchResult {
    /** It is durable. */
    record Taken(InjectResult result) implements BatchResult {}

    /** It was not taken, and changed nothing. */
    record Refused(QbcException cause) implements BatchResult {}
}
