package io.qbc.config;

import io.qbc.model.NetworkMode;
import java.util.List;
import java.util.regex.Pattern;

/** The form of what a configuration says of the network. */
final class NetworkSettings {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

    private NetworkSettings() {}

    static NetworkMode mode(String key, String text) {
        return NetworkMode.of(text)
                .orElseThrow(() -> new ConfigException(key + " must be open, listed or secret but is '" + text + "'"));
    }

    /** Refuses what would not be, or not do, what somebody meant. */
    static void check(String id, NetworkMode mode, List<String> allowed, String secretFile) {
        require(
                ID.matcher(id).matches(),
                "network.id must be 1 to 64 letters, digits, dots, _ or - but is '" + id + "'");
        allowed.forEach(key -> require(
                KEY.matcher(key).matches(),
                "network.allowed must be identity keys of 64 lower-case hexadecimal digits, as qbc keys show prints"
                        + " them, but has '" + key + "'"));
        require(
                mode == NetworkMode.LISTED || allowed.isEmpty(),
                "network.allowed names keys, but network.mode is " + mode.word() + " and not listed");
        require(
                mode != NetworkMode.LISTED || !allowed.isEmpty(),
                "network.allowed must name at least one key where network.mode is listed");
        require(
                (mode == NetworkMode.SECRET) != secretFile.isEmpty(),
                "network.secretFile must name a file where network.mode is secret, and only there; the mode is "
                        + mode.word());
    }

    private static void require(boolean right, String why) {
        if (!right) {
            throw new ConfigException(why);
        }
    }
}
