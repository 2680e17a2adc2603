package io.qbc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qbc.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A page of a browser: what is done with it, and what it complains of. */
final class BrowserPage implements AutoCloseable, WebSocket.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Integer> KEY_CODES = Map.of("Enter", 13, "Tab", 9, "Escape", 27);

    private final WebSocket socket;
    private final Runnable over;
    private final StringBuilder text = new StringBuilder();
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    /** @param over has the browser close the page */
    BrowserPage(HttpClient http, String address, Runnable over) {
        this.over = over;
        socket =
                http.newWebSocketBuilder().buildAsync(URI.create(address), this).join();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
        call("Network.setCacheDisabled", Map.of("cacheDisabled", true));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            String message = text.toString();
            text.setLength(0);
            try {
                met(JSON.readTree(message));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        from.request(1);
        return null;
    }

    private void met(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.get("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode told = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> complaints.add("exception " + told.path("exceptionDetails"));
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(told.path("type").asText())) {
                    complaints.add(told.path("type").asText() + " " + told.path("args"));
                }
            }
            case "Log.entryAdded" -> {
                JsonNode entry = told.path("entry");
                if (List.of("error", "warning").contains(entry.path("level").asText())) {
                    complaints.add(entry.path("level").asText() + " "
                            + entry.path("text").asText() + " "
                            + entry.path("url").asText());
                }
            }
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Network.loadingFinished" ->
                received.addAndGet(told.path("encodedDataLength").asLong());
            default -> {
                // Much that nobody asked for.
            }
        }
    }

    /** Calls a method of the protocol and gives its result. */
    JsonNode call(String method, Map<String, ?> parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        try {
            JsonNode given = answer.get(Patience.CONDITION.toMillis(), TimeUnit.MILLISECONDS);
            if (given.has("error")) {
                throw new AssertionError(method + " " + given.get("error"));
            }
            return given.path("result");
        } catch (Exception e) {
            throw new AssertionError(method, e);
        }
    }

    /** Goes to an address. */
    void open(String address) {
        CompletableFuture<Void> whole = new CompletableFuture<>();
        loaded = whole;
        // Within a page there is nothing to load.
        if (call("Page.navigate", Map.of("url", address)).has("loaderId")) {
            try {
                whole.get(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                throw new AssertionError(address + " is not loaded; " + complaints, e);
            }
        }
    }

    /** The value of an expression, which may be a promise. */
    JsonNode evaluate(String expression) {
        JsonNode given = call(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (given.has("exceptionDetails")) {
            throw new AssertionError(expression + " " + given.get("exceptionDetails"));
        }
        return given.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        try {
            Await.until(
                    expression, () -> evaluate("Boolean(" + expression + ")").asBoolean());
        } catch (RuntimeException e) {
            throw new AssertionError(
                    expression + "\n" + evaluate("document.body.innerText").asText() + "\n" + complaints, e);
        }
    }

    /** Presses and lets go a key: a letter, {@code Tab}, {@code Enter} or {@code Escape}. */
    void press(String key) {
        int code = KEY_CODES.getOrDefault(key, 0);
        String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "text", text, "windowsVirtualKeyCode", code));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** Writes a text as if it were typed where the focus is. */
    void type(String typed) {
        call("Input.insertText", Map.of("text", typed));
    }

    /** Has the page believe that somebody looks at it, though others are opened after it. */
    void keepInView() {
        call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    }

    /** Has the page be seen so wide, and by who wishes it light or dark. */
    void view(int width, String scheme) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What was written to the console as an error or a warning since the last time. */
    List<String> complaints() {
        List<String> found = List.copyOf(complaints);
        complaints.clear();
        return found;
    }

    /** Bytes that came over the wire. */
    long received() {
        return received.get();
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String picture = call("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    /** Nothing is left of it, as its connections would be missing to other pages. */
    @Override
    public void close() {
        socket.abort();
        over.run();
    }
}
