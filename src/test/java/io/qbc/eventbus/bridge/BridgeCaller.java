package io.qbc.eventbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A caller of the TCP bridge as other languages have it: a plain socket, lengths and JSON. */
public record BridgeCaller(Socket socket) implements AutoCloseable {
    public BridgeCaller {
        try {
            socket.setSoTimeout((int) Patience.ANSWER.toMillis());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls the bridge at a port of loopback. */
    public static BridgeCaller call(int port) throws IOException {
        return new BridgeCaller(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A message to an address. */
    public static JsonObject message(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }

    /** The code of a problem that a message tells of. */
    public static String code(JsonObject error) {
        assertThat(error.getString("type")).as(error.encode()).isEqualTo("err");
        JsonObject problem = new JsonObject(error.getString("message"));
        assertThat(problem.getInteger("status")).isEqualTo(error.getInteger("failureCode"));
        return problem.getString("code");
    }

    public void send(JsonObject message) throws IOException {
        sendText(message.encode());
    }

    /** Sends whatever text as a frame. */
    public void sendText(String content) throws IOException {
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(text.length);
        out.write(text);
        out.flush();
    }

    /** Sends bytes that need not be a frame. */
    public void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public JsonObject read() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        return new JsonObject(new String(text, StandardCharsets.UTF_8));
    }

    public JsonObject ask(String address, JsonObject body) throws IOException {
        return ask(address, body, new JsonObject());
    }

    public JsonObject ask(String address, JsonObject body, JsonObject headers) throws IOException {
        send(message("send", address)
                .put("replyAddress", "r1")
                .put("headers", headers)
                .put("body", body));
        JsonObject answer = read();
        assertThat(answer.getString("address")).isEqualTo("r1");
        return answer;
    }

    /** Whether the node has ended the connection, once all that came is read. */
    public boolean isCut() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
