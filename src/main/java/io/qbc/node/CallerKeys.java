package io.qbc.node;

import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.api.access.ApiKeyFile;
import io.qbc.cli.AccessCommand;
import io.qbc.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The keys of callers in a data directory, changed from the command line, whether a node runs or not. */
public final class CallerKeys implements AccessCommand.Keys {
    private final InstantSource clock;

    public CallerKeys(InstantSource clock) {
        this.clock = clock;
    }

    /** Something that reads or writes files. */
    @FunctionalInterface
    private interface Work<T> {
        T run(ApiKeyFile file) throws IOException;
    }

    @Override
    public String add(Path data, AccessCommand.Wanted wanted) {
        List<Grant> grants = new ArrayList<>();
        for (String role : wanted.roles()) {
            grants.add(Grant.parse(role)
                    .orElseThrow(() -> new ConfigException("--role must be one of " + String.join(", ", Role.words())
                            + ", and perhaps @ and a chain, but is '" + role + "'")));
        }
        OptionalLong millis =
                wanted.life().stream().mapToLong(Duration::toMillis).findFirst();
        String scope = wanted.scope().orElse(wanted.name());
        ApiKey.Request request = new ApiKey.Request(wanted.name(), grants, millis, scope);
        request.fault().ifPresent(fault -> {
            throw new ConfigException("the key cannot be made: " + fault);
        });
        return work(data, file -> file.add(request, clock.millis()).text());
    }

    @Override
    public List<AccessCommand.Listed> list(Path data) {
        return with(data, file -> {
            Map<String, Long> used = file.used();
            return file.read().keys().stream().map(key -> listed(key, used)).toList();
        });
    }

    @Override
    public boolean revoke(Path data, String id) {
        return with(data, file -> file.revoke(id).isPresent());
    }

    @Override
    public Optional<String> rotate(Path data, String id, Duration grace) {
        return with(data, file -> file.rotate(id, clock.millis(), grace).map(ApiKey.Token::text));
    }

    private static AccessCommand.Listed listed(ApiKey key, Map<String, Long> used) {
        Long at = used.get(key.id());
        return new AccessCommand.Listed(
                key.id(),
                key.name(),
                key.grants().stream().map(Grant::text).toList(),
                key.scope(),
                key.madeAt(),
                key.expiresAt(),
                at == null ? OptionalLong.empty() : OptionalLong.of(at));
    }

    private static <T> T with(Path data, Work<T> work) {
        if (!Files.isDirectory(data)) {
            throw new ConfigException("there is no data directory " + data + "; name that of the node with --data");
        }
        return work(data, work);
    }

    private static <T> T work(Path data, Work<T> work) {
        try {
            return work.run(new ApiKeyFile(data));
        } catch (IOException e) {
            throw new ConfigException("the keys of callers in " + data + " cannot be used (" + e.getMessage() + ")");
        }
    }
}
