package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.http.server.PageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of pages for people, as they are in the jar: their own, and those of libraries. What a caller names is
 * never a way out of a folder: a name has letters, digits, {@code - _ .} and single slashes, no part begins with a dot,
 * and the end is that of a type that browsers know.
 */
final class PageFiles {
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\\.([a-z0-9]+)");
    private static final int NAME_MAX = 200;
    private static final String INDEX = "index.html";

    private static final Map<String, String> TYPES = Map.of(
            "html", Answer.HTML,
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "txt", "text/plain; charset=utf-8");

    private static final String WEBJARS = "META-INF/resources/webjars/";

    /** Where the libraries' jars have their files; a test finds out when a version changes. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "console/lib/preact.js", "META-INF/resources/_static/htm/3.1.1/preact/standalone.module.js",
            "console/lib/uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.esm.js",
            "console/lib/uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css",
            "docs/lib/swagger-ui.js", WEBJARS + "swagger-ui/5.34.1/swagger-ui-bundle.js",
            "docs/lib/swagger-ui.css", WEBJARS + "swagger-ui/5.34.1/swagger-ui.css");

    /** The jar does not change while it runs; there are as many as it has. */
    private static final Map<String, PageFile> READ = new ConcurrentHashMap<>();

    private PageFiles() {}

    /** The files of libraries by where pages find them. */
    static Map<String, String> libraries() {
        return LIBRARIES;
    }

    /** A file that was asked for before. */
    static Optional<PageFile> known(String folder, String name) {
        return Optional.ofNullable(READ.get(folder + named(name)));
    }

    /** A file below a folder, whose index if no name is given. Blocks. */
    static Optional<PageFile> find(String folder, String name) {
        String file = named(name);
        Matcher matcher = NAME.matcher(file);
        if (file.length() > NAME_MAX || !matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> type = Optional.ofNullable(TYPES.get(matcher.group(1)));
        String path = folder + file;
        return type.flatMap(known -> read(LIBRARIES.getOrDefault(path, path)).map(bytes -> {
            PageFile page = PageFile.of(known, bytes);
            READ.put(path, page);
            return page;
        }));
    }

    private static String named(String name) {
        return name.isEmpty() ? INDEX : name;
    }

    private static Optional<byte[]> read(String resource) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
