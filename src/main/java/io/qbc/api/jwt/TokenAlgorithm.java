package io.qbc.api.jwt;

import java.util.Arrays;
import java.util.Optional;

/**
 * An algorithm of signatures by which tokens may be signed (RFC 7518, 8037 and 9864). All are of key pairs: there is
 * none for which the public key could be used as a secret.
 */
enum TokenAlgorithm {
    RS256("RSA", "RS256", "RS256"),
    ES256("EC", "ES256", "ES256"),
    EDDSA("OKP", "EdDSA", "Ed25519");

    private final String keyType;
    private final String word;
    private final String otherWord;

    TokenAlgorithm(String keyType, String word, String otherWord) {
        this.keyType = keyType;
        this.word = word;
        this.otherWord = otherWord;
    }

    /** The algorithm that a token or a key names. */
    static Optional<TokenAlgorithm> of(Object name) {
        return Arrays.stream(values()).filter(one -> one.isCalled(name)).findFirst();
    }

    /** The one algorithm of a type of keys. */
    static Optional<TokenAlgorithm> ofKeyType(Object keyType) {
        return Arrays.stream(values())
                .filter(one -> one.keyType.equals(keyType))
                .findFirst();
    }

    boolean isCalled(Object name) {
        return word.equals(name) || otherWord.equals(name);
    }
}
