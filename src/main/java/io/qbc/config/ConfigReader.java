package io.qbc.config;

import io.qbc.model.NetworkMode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Puts the configuration together: the file, over it the environment ({@code QBC_*}), over that the flags. Whatever is
 * unknown, twice, of a wrong type or out of range is a {@link ConfigException} that names the key. What a file does not
 * say is as it ships.
 */
public final class ConfigReader {
    private static final String SHIPPED = "conf/node.yaml";
    /** What Kubernetes sets in every container beside a service called qbc. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("QBC_SERVICE_HOST|QBC_SERVICE_PORT(_.*)?|QBC_PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?");

    /** Which node the command line asks, whom it trusts, and the API key that it shows; no configuration of one. */
    private static final Set<String> COMMAND_LINE = Set.of("QBC_URL", "QBC_KEY", "QBC_CA");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private ConfigReader() {}

    /**
     * A flag of the command line.
     *
     * @param name as the user writes it, like {@code --port}
     * @param key the configuration key that it sets
     */
    public record Flag(String name, String key, List<String> values) {
        public Flag {
            values = List.copyOf(values);
        }
    }

    /**
     * Reads the configuration of a node.
     *
     * @param directory the working directory, where {@code conf/node.yaml} is looked for when no file is given
     */
    public static NodeConfig read(
            Path directory, Optional<Path> file, Map<String, String> environment, List<Flag> flags) {
        Map<String, Setting> settings = new TreeMap<>(YamlSettings.read(shipped(SHIPPED), SHIPPED + " in the jar"));
        settings.putAll(file(directory, file));
        environment(environment, settings);
        return config(settings, flags);
    }

    private static NodeConfig config(Map<String, Setting> settings, List<Flag> flags) {
        flags.forEach(flag ->
                settings.put(flag.key(), new Setting(flag.key(), Setting.Form.PLAIN, flag.values(), flag.name())));
        NodeConfig config = NodeConfig.class.cast(record("", NodeConfig.class, settings));
        AddressRules.check(config);
        return config;
    }

    /**
     * Reads the configuration of a node inside another program: neither the working directory nor the environment is
     * looked at.
     *
     * @param values by their keys, lists with commas
     */
    public static NodeConfig embedded(Optional<Path> file, Map<String, String> values) {
        List<Flag> flags = new ArrayList<>();
        new TreeMap<>(values).forEach((key, value) -> {
            if (!ConfigKeys.ALL.contains(key)) {
                throw new ConfigException("unknown key " + key + "; " + SHIPPED + " in the jar has them all");
            }
            flags.add(new Flag(key, key, ConfigKeys.isList(key) ? commas(value) : List.of(value)));
        });
        Map<String, Setting> settings = new TreeMap<>(YamlSettings.read(shipped(SHIPPED), SHIPPED + " in the jar"));
        file.ifPresent(path -> settings.putAll(YamlSettings.read(text(path), path.toString())));
        return config(settings, flags);
    }

    /** A file of {@code conf/} as it ships in the jar. */
    public static String shipped(String name) {
        try (InputStream in = ConfigReader.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar's " + name + " cannot be read", e);
        }
    }

    /** The text of a file in UTF-8. Blocks. */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            String problem = Files.exists(file) ? "cannot be read as UTF-8 text: " + e : "does not exist";
            throw new ConfigException("the file " + file + " " + problem);
        }
    }

    private static Map<String, Setting> file(Path directory, Optional<Path> file) {
        Path local = directory.resolve(SHIPPED);
        if (file.isPresent()) {
            return YamlSettings.read(text(file.get()), file.get().toString());
        }
        if (Files.exists(local)) {
            return YamlSettings.read(text(local), SHIPPED);
        }
        return Map.of();
    }

    /** Whether a variable is about a service of this name and not about the configuration. */
    static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || (variable.equals("QBC_PORT") && SERVICE_URL.matcher(value).matches());
    }

    private static void environment(Map<String, String> environment, Map<String, Setting> settings) {
        Map<String, String> keys = new TreeMap<>();
        ConfigKeys.ALL.forEach(key -> keys.put(ConfigKeys.variable(key), key));
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith("QBC_") || COMMAND_LINE.contains(variable) || isServiceLink(variable, value)) {
                return;
            }
            String key = keys.get(variable);
            if (key == null) {
                throw new ConfigException("unknown environment variable " + variable
                        + "; unset it, the names are QBC_ and a key of " + SHIPPED + " like QBC_HTTP_IDLE_TIMEOUT");
            }
            List<String> values = ConfigKeys.isList(key) ? commas(value) : List.of(value);
            settings.put(key, new Setting(key, Setting.Form.PLAIN, values, "environment variable " + variable));
        });
    }

    private static List<String> commas(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static Object record(String section, Class<?> type, Map<String, Setting> settings) {
        List<Class<?>> types = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = ConfigKeys.under(section, component.getName());
            types.add(component.getType());
            values.add(
                    component.getType().isRecord()
                            ? record(key, component.getType(), settings)
                            : value(component.getType(), settings.get(key)));
        }
        try {
            return type.getDeclaredConstructor(types.toArray(Class<?>[]::new)).newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigException refused) {
                throw located(refused, settings);
            }
            throw new IllegalStateException("the configuration record " + type + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the configuration record " + type + " cannot be made", e);
        }
    }

    private static Object value(Class<?> type, Setting setting) {
        if (type == int.class) {
            return setting.smallNumber();
        }
        if (type == long.class) {
            return setting.number();
        }
        if (type == double.class) {
            return setting.ratio();
        }
        if (type == boolean.class) {
            return setting.flag();
        }
        if (type == Duration.class) {
            return setting.duration();
        }
        if (type == List.class) {
            return setting.list();
        }
        String text = setting.text();
        if (type == Choice.class) {
            return Choice.of(setting.key(), text);
        }
        if (type == Callers.class) {
            return Callers.of(setting.key(), text);
        }
        if (type == AccessMode.class) {
            return AccessMode.of(setting.key(), text);
        }
        if (type == CertificateDemand.class) {
            return CertificateDemand.of(setting.key(), text);
        }
        if (type == AuditInjects.class) {
            return AuditInjects.of(setting.key(), text);
        }
        if (type == NetworkMode.class) {
            return NetworkSettings.mode(setting.key(), text);
        }
        return type == Path.class ? path(setting, text) : text;
    }

    private static Path path(Setting setting, String text) {
        if (text.isBlank()) {
            throw new ConfigException(setting.key() + " must name a directory (" + setting.source() + ")");
        }
        return path(setting.key(), text, setting.source());
    }

    /**
     * The path of a file or directory that somebody named.
     *
     * @param key or flag, for messages
     * @param source where it was written, for messages
     */
    public static Path path(String key, String text, String source) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException(key + " must name a directory or file, and with this system's settings of"
                    + " language and characters the name can be none; LC_ALL=C.UTF-8 allows all (" + source + ")");
        }
    }

    /** The same message, with the place where the key that it names was set. */
    private static ConfigException located(ConfigException refused, Map<String, Setting> settings) {
        String message = String.valueOf(refused.getMessage());
        Setting setting = settings.get(message.split(" ", 2)[0]);
        return setting == null ? refused : new ConfigException(message + " (" + setting.source() + ")");
    }
}
