package io.qbc.http.legacy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.qbc.api.json.JsonBuffer;
import io.qbc.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The original's chain as CBOR (RFC 8949), lists and maps of indefinite length. */
final class CborFormat implements LegacyForm.Format {
    private static final int LIST = 0x9f;
    private static final int MAP = 0xbf;
    private static final int BREAK = 0xff;
    private static final int TEXT = 0x7a;
    private static final CBORFactory CBOR = new CBORFactory();

    @Override
    public void openList(JsonBuffer out) {
        out.u8(LIST);
    }

    @Override
    public void closeList(JsonBuffer out) {
        out.u8(BREAK);
    }

    @Override
    public void beginItem(JsonBuffer out, boolean first) {}

    @Override
    public void endItem(JsonBuffer out) {}

    @Override
    public void openMap(JsonBuffer out) {
        out.u8(MAP);
    }

    @Override
    public void closeMap(JsonBuffer out) {
        out.u8(BREAK);
    }

    @Override
    public void name(JsonBuffer out, String name, boolean first) {
        text(out, name);
    }

    /** A text with its length in four bytes. */
    @Override
    public void text(JsonBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.u8(TEXT)
                .u8(bytes.length >> 24)
                .u8(bytes.length >> 16)
                .u8(bytes.length >> 8)
                .u8(bytes.length);
        out.raw(bytes);
    }

    @Override
    public void payload(JsonBuffer out, Bytes json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.size());
        try (JsonParser parser = PayloadJson.parser(json);
                JsonGenerator generator = CBOR.createGenerator(bytes)) {
            while (parser.nextToken() != null) {
                copy(parser, generator);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a stored payload is well-formed JSON", e);
        }
        out.raw(bytes.toByteArray());
    }

    @Override
    public void openDocument(JsonBuffer out) {}

    @Override
    public void closeDocument(JsonBuffer out) {}

    private static void copy(JsonParser parser, JsonGenerator generator) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && Double.isInfinite(parser.getDoubleValue())) {
            generator.writeNumber(parser.getDecimalValue());
        } else {
            generator.copyCurrentEvent(parser);
        }
    }
}
