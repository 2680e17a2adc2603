package io.qbc.projection;

import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.MappingException;
import io.qbc.projection.mapping.Target;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All projections of a node, with their workers. What changes them blocks, one change after the other. */
final class ProjectionRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionRegistry.class);
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final String SUFFIX = ".json";

    private final Path directory;
    private final NodeConfig.Projections limits;
    private final Worker.Parts parts;
    private final SortedMap<String, Worker> workers = new ConcurrentSkipListMap<>();

    ProjectionRegistry(Path directory, NodeConfig.Projections limits, Worker.Parts parts) {
        this.directory = directory;
        this.limits = limits;
        this.parts = parts;
    }

    /** Begins with those of the data directory, and those of the directory of definitions; blocks. */
    void load() throws IOException {
        for (Path found : DefinitionFile.directories(directory)) {
            DefinitionFile file = new DefinitionFile(found);
            run(file.read(), file);
        }
        if (limits.definitions().isBlank()) {
            return;
        }
        try (Stream<Path> files = Files.list(Path.of(limits.definitions()))) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                name = name.substring(0, name.length() - SUFFIX.length());
                try {
                    put(name, mapping(name, Bytes.wrap(Files.readAllBytes(file))));
                } catch (Failure e) {
                    throw new IOException("the mapping " + file + " is not acceptable: "
                            + e.refusal().detail());
                }
            }
        }
    }

    private Worker run(Definition definition, DefinitionFile file) {
        Worker worker = new Worker(definition, file, parts);
        workers.put(definition.name(), worker);
        worker.start();
        return worker;
    }

    List<Worker> all() {
        return List.copyOf(workers.values());
    }

    Worker get(String name) {
        return Optional.ofNullable(workers.get(name))
                .orElseThrow(() -> new Failure(Reason.PROJECTION_UNKNOWN, "there is no projection " + name));
    }

    /** What happened to a projection that was put. */
    record Put(Worker worker, boolean created) {}

    /** Takes a mapping from somebody who may name the database servers of a list. */
    Put put(String name, Bytes json) {
        Mapping mapping = mapping(name, json);
        if (!TargetOpener.permits(limits, mapping.target())) {
            throw new Failure(
                    new Refusal(Reason.PROJECTION_INVALID, TargetOpener.NOT_PERMITTED, List.of("/target/url")));
        }
        return put(name, mapping);
    }

    private Put put(String name, Mapping mapping) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Reason.PROJECTION_INVALID, "a projection's name is of a-z, 0-9 and _, with no digit first");
        }
        Optional<Worker> before = Optional.ofNullable(workers.get(name));
        DefinitionFile file = new DefinitionFile(directory.resolve(name));
        try {
            if (before.isEmpty()) {
                require(name, mapping);
                Definition made = new Definition(name, mapping, Optional.empty(), false, false);
                file.write(made);
                return new Put(run(made, file), true);
            }
            Definition old = before.get().definition();
            if (old.mapping().hash().equals(mapping.hash())) {
                return new Put(before.get(), false);
            }
            if (!place(old.mapping()).equals(place(mapping))) {
                throw new Failure(
                        Reason.PROJECTION_STATE,
                        "the tables of " + name
                                + " are elsewhere; delete the projection first, or give this one another name");
            }
            end(before.get());
            old = before.get().definition();
            Optional<Hash> chain = old.mapping().chain().equals(mapping.chain()) ? old.chain() : Optional.empty();
            boolean rebuild = old.rebuild() && old.mapping().rowsHash().equals(mapping.rowsHash());
            Definition next = new Definition(name, mapping, chain, old.paused(), rebuild);
            file.write(next);
            return new Put(run(next, file), false);
        } catch (IOException e) {
            throw new Failure(Reason.STORE_FULL, "the definition of " + name + " cannot be stored: " + e);
        }
    }

    private void require(String name, Mapping mapping) {
        if (workers.size() >= limits.max()) {
            throw new Failure(
                    Reason.PROJECTIONS_FULL,
                    "this node has " + workers.size() + " projections, and projections.max is " + limits.max());
        }
        boolean taken = workers.values().stream()
                .map(worker -> worker.definition().mapping())
                .anyMatch(other -> other.target() instanceof Target.Postgresql
                        && place(other).equals(place(mapping)));
        if (taken) {
            throw new Failure(
                    Reason.PROJECTION_STATE, "another projection has the schema that " + name + " wants to have");
        }
    }

    private static List<String> place(Mapping mapping) {
        String url = mapping.target() instanceof Target.Postgresql target ? target.url() : "";
        return List.of(mapping.target().kind(), url, mapping.schema());
    }

    private static Mapping mapping(String name, Bytes json) {
        try {
            return Mapping.read(name, json);
        } catch (MappingException e) {
            throw new Failure(
                    new Refusal(Reason.PROJECTION_INVALID, String.valueOf(e.getMessage()), List.of(e.pointer())));
        }
    }

    private static void end(Worker worker) {
        try {
            worker.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Reason.STOPPING, "the node is stopping");
        }
    }

    /** Ends a projection; its tables go too where they are the node's own, or somebody says so. */
    void drop(String name, boolean tables) {
        Worker worker = get(name);
        Definition definition = worker.definition();
        end(worker);
        try {
            if (tables && definition.mapping().target() instanceof Target.Postgresql) {
                dropTables(definition);
            }
            new DefinitionFile(directory.resolve(name)).delete();
            workers.remove(name);
        } catch (IOException | SQLException e) {
            run(definition, new DefinitionFile(directory.resolve(name)));
            throw new Failure(Reason.TABLES_UNAVAILABLE, "the projection " + name + " is kept: " + e.getMessage());
        }
    }

    private void dropTables(Definition definition) throws SQLException {
        try (TableDatabase database = parts.opener().open(definition);
                Connection connection = database.writer()) {
            if (!database.lock(connection)) {
                throw new SQLException("another node keeps these tables");
            }
            TableSets.load(database, connection, definition.mapping().schema()).dropAll(connection);
        }
    }

    /** Ends all workers; what they have open is closed. */
    void close() {
        for (Worker worker : all()) {
            try {
                worker.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("a projection could not be closed");
            }
        }
    }
}
