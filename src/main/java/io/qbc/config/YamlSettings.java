package io.qbc.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a YAML file into settings, token by token; refuses keys that are unknown or there twice. */
final class YamlSettings {
    private static final YAMLFactory YAML = new YAMLFactory();

    private final YAMLParser parser;
    private final String source;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();

    private YamlSettings(YAMLParser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    /** All settings of the text by key. */
    static Map<String, Setting> read(String text, String source) {
        try (YAMLParser parser = YAML.createParser(text)) {
            YamlSettings reader = new YamlSettings(parser, source);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ConfigException(source + " must hold keys and their values");
            }
            reader.section("");
            if (parser.nextToken() != null) {
                throw new ConfigException(source + " must hold one document" + reader.where());
            }
            return reader.settings;
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("it cannot be parsed");
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new ConfigException(source + " is not YAML: " + problem + " (line " + line + ")");
        } catch (IOException e) {
            throw new ConfigException(source + " cannot be read: " + e.getMessage());
        }
    }

    private void section(String path) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = ConfigKeys.under(path, parser.currentName());
            if (!seen.add(key)) {
                throw new ConfigException("the key " + key + " is there twice; remove one" + where());
            }
            boolean value = ConfigKeys.ALL.contains(key);
            if (!value && !ConfigKeys.section(key)) {
                throw new ConfigException("unknown key " + key + "; remove it or correct its name, did you mean "
                        + ConfigKeys.nearest(key) + "?" + where());
            }
            JsonToken token = parser.nextToken();
            if (value) {
                settings.put(key, setting(key, token));
            } else if (token == JsonToken.START_OBJECT) {
                section(key);
            } else {
                throw new ConfigException(key + " must have keys below it, indented" + where());
            }
        }
    }

    private Setting setting(String key, JsonToken token) throws IOException {
        String at = where();
        if (parser.isCurrentAlias()) {
            throw new ConfigException(key + " must be written out, without an alias" + at);
        }
        if (token == JsonToken.START_ARRAY && !ConfigKeys.isList(key)) {
            throw new ConfigException(key + " must be one value and no list" + at);
        }
        Setting.Form form = switch (token) {
            case VALUE_NUMBER_INT -> Setting.Form.NUMBER;
            case VALUE_STRING -> Setting.Form.TEXT;
            case START_ARRAY -> Setting.Form.LIST;
            case START_OBJECT -> throw new ConfigException(key + " must be a value and have no keys below it" + at);
            case VALUE_NULL -> throw new ConfigException(key + " must have a value; write \"\" for none" + at);
            default -> Setting.Form.OTHER;
        };
        List<String> values = form == Setting.Form.LIST ? list(key) : List.of(parser.getText());
        return new Setting(key, form, values, at.substring(2, at.length() - 1));
    }

    private List<String> list(String key) throws IOException {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING || parser.isCurrentAlias()) {
                throw new ConfigException(key + " must be a list of texts" + where());
            }
            values.add(parser.getText());
        }
        return values;
    }

    private String where() {
        return " (" + source + ", line " + parser.currentTokenLocation().getLineNr() + ")";
    }
}
