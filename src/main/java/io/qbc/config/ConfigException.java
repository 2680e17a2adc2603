package io.qbc.config;

/** The configuration is not acceptable; the message names the key and says what to do. */
public class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
