package io.qbc.protocol.session;

import io.qbc.model.Hash;

/**
 * What a message is, and of which chain.
 *
 * @param verb the word of its method
 * @param chain the chain that it is about, all zero if about none
 */
public record Kind(String verb, Hash chain) {}
