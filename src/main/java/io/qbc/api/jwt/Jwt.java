package io.qbc.api.jwt;

import io.qbc.json.JsonLimits;
import io.qbc.json.JsonTree;
import io.qbc.json.StrictJson;
import io.qbc.model.Bytes;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON Web Token (RFC 7519) in the compact form of a signed one (RFC 7515), as it was sent: nothing of it is proved.
 * There is one reading of a text: no name stands twice, and nothing is decoded that would be encoded otherwise.
 *
 * @param signed what the signature is of
 */
record Jwt(Map<?, ?> header, Map<?, ?> claims, Bytes signed, Bytes signature) {
    /** The longest text that is looked at. Over REST the header fields are bounded too, which is usually less. */
    static final int CHARS_MAX = 16_384;

    private static final JsonLimits LIMITS = new JsonLimits(CHARS_MAX, 8);
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Reads a token; nothing if it is not well formed. */
    static Optional<Jwt> parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (text.length() > CHARS_MAX || first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        Optional<Map<?, ?>> header = object(text.substring(0, first));
        Optional<Map<?, ?>> claims = object(text.substring(first + 1, second));
        Optional<Bytes> signature = decoded(text.substring(second + 1));
        return header.isPresent() && claims.isPresent() && signature.isPresent()
                ? Optional.of(
                        new Jwt(header.get(), claims.get(), Bytes.utf8(text.substring(0, second)), signature.get()))
                : Optional.empty();
    }

    private static Optional<Map<?, ?>> object(String part) {
        return decoded(part).flatMap(Jwt::object);
    }

    /** The members of a JSON object; nothing if the text is anything else. */
    private static Optional<Map<?, ?>> object(Bytes text) {
        return StrictJson.checkBounded(text, LIMITS).isEmpty() && JsonTree.read(text) instanceof Map<?, ?> members
                ? Optional.of(members)
                : Optional.empty();
    }

    /** The decoder lets bits fall that the encoder sets to 0, so that one value would have several texts. */
    private static Optional<Bytes> decoded(String part) {
        try {
            byte[] bytes = DECODER.decode(part);
            return ENCODER.encodeToString(bytes).equals(part) ? Optional.of(Bytes.wrap(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
