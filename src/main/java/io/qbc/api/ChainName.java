package io.qbc.api;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import java.util.OptionalLong;

/**
 * A name by which a caller means a chain: its name or id, and a height behind an at sign to see it as it was then.
 *
 * @param height empty for the chain as it is
 */
public record ChainName(String chain, OptionalLong height) {
    private static final int DIGITS_MAX = 18;

    static ChainName parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return new ChainName(text, OptionalLong.empty());
        }
        String digits = text.substring(at + 1);
        if (digits.isEmpty() || digits.length() > DIGITS_MAX || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Failure(Reason.REQUEST_INVALID, "a height stands after the @ of a chain's name");
        }
        return new ChainName(text.substring(0, at), OptionalLong.of(Long.parseLong(digits)));
    }

    /** The chain of a name for a write, which cannot be to what was. */
    public static String present(String text) {
        if (text.indexOf('@') >= 0) {
            throw new Failure(Reason.CHAIN_PAST, "this is about a chain as it is; leave out what begins with @");
        }
        return text;
    }
}
