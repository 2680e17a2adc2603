package io.qbc.projection;

import io.qbc.config.NodeConfig;
import io.qbc.config.PrivateFile;
import io.qbc.projection.mapping.Target;
import io.qbc.projection.sql.EmbeddedDatabase;
import io.qbc.projection.sql.PostgresDatabase;
import io.qbc.projection.sql.TableDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Opens the databases that mappings name, with passwords of files or of the environment. */
final class TargetOpener implements DatabaseOpener {
    static final String NOT_PERMITTED = "projections.hosts does not list the database server of this mapping";
    private static final String ALL = "*";

    private final Path projections;
    private final NodeConfig.Projections limits;
    private final Map<String, String> environment;

    TargetOpener(Path projections, NodeConfig.Projections limits, Map<String, String> environment) {
        this.projections = projections;
        this.limits = limits;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public TableDatabase open(Definition definition) throws SQLException {
        if (definition.mapping().target() instanceof Target.Postgresql target) {
            boolean file = !limits.definitions().isBlank()
                    && Files.exists(Path.of(limits.definitions()).resolve(definition.name() + ".json"));
            if (!file && !permits(limits, target)) {
                throw new SQLException(NOT_PERMITTED);
            }
            return new PostgresDatabase(
                    target.url(),
                    new PostgresDatabase.Login(target.user(), password(target), target.reader()),
                    definition.mapping().schema(),
                    definition.name(),
                    limits);
        }
        return new EmbeddedDatabase(projections.resolve(definition.name()), definition.name(), limits);
    }

    /** Whether a mapping that was put may name this server; a file of the operator's may name any. */
    static boolean permits(NodeConfig.Projections limits, Target target) {
        if (!(target instanceof Target.Postgresql server)) {
            return true;
        }
        return limits.hosts().stream()
                .anyMatch(host -> host.equals(ALL)
                        || host.equalsIgnoreCase(server.host())
                        || host.equalsIgnoreCase(server.host() + ":" + server.port()));
    }

    private String password(Target.Postgresql target) throws SQLException {
        if (target.passwordVariable().isPresent()) {
            String name = target.passwordVariable().get();
            String password = environment.get(name);
            if (password == null) {
                throw new SQLException("the environment variable " + name + " is not set");
            }
            return password;
        }
        if (target.passwordFile().isEmpty()) {
            return "";
        }
        if (limits.secrets().isBlank()) {
            throw new SQLException("projections.secrets names no directory of passwords");
        }
        Path file = Path.of(limits.secrets()).resolve(target.passwordFile().get());
        try {
            PrivateFile.require(file);
            return Files.readString(file).strip();
        } catch (IOException | RuntimeException e) {
            throw new SQLException("the password cannot be read: " + e.getMessage(), e);
        }
    }
}
