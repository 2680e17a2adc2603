package io.qbc.bench.scenario;

import io.qbc.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database of the user's.
 *
 * @param url of JDBC, without a password
 * @param passwordFile the user's password; the driver itself looks into {@code ~/.pgpass}, a node does not
 */
public record PostgresAccess(String url, Optional<Path> passwordFile) {
    private static final Pattern USER = Pattern.compile("[?&]user=([^&]+)");
    private static final Pattern SSL_MODE = Pattern.compile("[?&](sslmode=[a-z-]+)");

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (passwordFile.isPresent()) {
            try {
                properties.put("password", Files.readString(passwordFile.get()).strip());
            } catch (IOException e) {
                throw new SQLException("the password cannot be read: " + e, e);
            }
        }
        return DriverManager.getConnection(url, properties);
    }

    /** Where the directory of the password is, for a node. */
    Optional<Path> secrets() {
        return passwordFile.map(file -> file.toAbsolutePath().getParent());
    }

    /** The same as a projection names it. */
    public JsonObject target() {
        Matcher user = USER.matcher(url);
        if (!user.find()) {
            throw new ConfigException("--postgres must name a user for a projection, like " + url + "?user=postgres");
        }
        Matcher mode = SSL_MODE.matcher(url);
        String base = url.replaceFirst("\\?.*", "") + (mode.find() ? "?" + mode.group(1) : "");
        JsonObject target =
                new JsonObject().put("kind", "postgresql").put("url", base).put("user", user.group(1));
        passwordFile.ifPresent(
                file -> target.put("passwordFile", file.getFileName().toString()));
        return target;
    }
}
