package io.qbc.client.request;

import io.qbc.client.answer.EventStream;

/** Where a stream of events begins. */
public sealed interface FollowStart {
    /** After the head that the chain has now. */
    record Now() implements FollowStart {}

    /** With the quant at a height. */
    record AtHeight(long height) implements FollowStart {
        public AtHeight {
            if (height < 0) {
                throw new IllegalArgumentException("a height is not below 0");
            }
        }
    }

    /**
     * After the last event that was handled.
     *
     * @param place as {@link EventStream#place()} told it
     */
    record AfterPlace(String place) implements FollowStart {}

    /** After the head that the chain has now. */
    static FollowStart now() {
        return new Now();
    }

    /** With the quant at a height; 0 for all that the chain has. */
    static FollowStart atHeight(long height) {
        return new AtHeight(height);
    }

    /** After the last event that was handled, in this process or in one before. */
    static FollowStart after(String place) {
        return new AfterPlace(place);
    }
}
