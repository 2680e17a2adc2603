package io.qbc.consensus.engine;

import io.qbc.model.Bytes;

/**
 * An operation that a participant should sign and inject now.
 *
 * @param type the transaction's type
 * @param payload its JSON
 * @param signingRecord what signing it binds the participant to, to be stored before
 */
public record Duty(String type, Bytes payload, SigningRecord signingRecord) {}
