package io.qbc.config;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys that there are, read off {@link NodeConfig} so that the two cannot differ. */
final class ConfigKeys {
    /** Every key of a value by its whole path, in the order of the records. */
    static final List<String> ALL;

    private static final Map<String, Class<?>> TYPES = new LinkedHashMap<>();

    static {
        collect("", NodeConfig.class);
        ALL = List.copyOf(TYPES.keySet());
    }

    private ConfigKeys() {}

    static String under(String section, String name) {
        return section.isEmpty() ? name : section + "." + name;
    }

    /** Whether keys stand below this one. */
    static boolean section(String key) {
        return ALL.stream().anyMatch(known -> known.startsWith(key + "."));
    }

    /** The environment variable of a key: {@code http.idleTimeout} is {@code QBC_HTTP_IDLE_TIMEOUT}. */
    static String variable(String key) {
        StringBuilder name = new StringBuilder("QBC_");
        for (int i = 0; i < key.length(); i++) {
            char letter = key.charAt(i);
            boolean word = Character.isUpperCase(letter) && key.charAt(i - 1) != '.';
            name.append(word ? "_" : "").append(letter == '.' ? '_' : Character.toUpperCase(letter));
        }
        return name.toString();
    }

    /** The known key that looks most like this one. */
    static String nearest(String key) {
        return ALL.stream()
                .min(Comparator.comparingInt(known -> distance(known, key)))
                .orElseThrow();
    }

    static boolean isList(String key) {
        return TYPES.get(key) == List.class;
    }

    private static void collect(String section, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = under(section, component.getName());
            if (component.getType().isRecord()) {
                collect(key, component.getType());
            } else {
                TYPES.put(key, component.getType());
            }
        }
    }

    /** How many letters must be changed, added or left out (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
