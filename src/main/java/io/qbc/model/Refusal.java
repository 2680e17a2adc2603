package io.qbc.model;

import java.util.List;

/**
 * Why something was not taken, for programs ({@code reason}) and for people ({@code detail}).
 *
 * @param pointers JSON pointers (RFC 6901) to what is wrong, where that can be said
 */
public record Refusal(Reason reason, String detail, List<String> pointers) {
    public Refusal {
        pointers = List.copyOf(pointers);
    }

    public Refusal(Reason reason, String detail) {
        this(reason, detail, List.of());
    }
}
