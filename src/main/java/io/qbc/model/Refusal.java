package io.qbc.model;

/** Why something was not taken, for programs ({@code reason}) and for people ({@code detail}). */
public record Refusal(Reason reason, String detail) {}
