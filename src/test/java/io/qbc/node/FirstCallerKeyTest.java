package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.access.Grant;
import io.qbc.api.access.ApiKeyFile;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstCallerKeyTest {
    @TempDir
    Path data;

    private NodeConfig config(AccessMode mode) {
        return Samples.with(Samples.config(data, 0), new NodeConfig.Access(mode, false, 0, 1, 0, 1));
    }

    @Test
    void itIsMadeOnceWhereKeysAreRequiredAndMayDoEverything() throws IOException {
        String line = FirstCallerKey.make(config(AccessMode.REQUIRED)).orElseThrow();
        Matcher shown = Pattern.compile("qbc_[0-9a-f]+_([0-9a-f]{64}) ").matcher(line);
        assertThat(shown.find()).as(line).isTrue();
        assertThat(new ApiKeyFile(data).read().keys()).singleElement().satisfies(key -> {
            assertThat(line).contains("qbc_" + key.id() + "_");
            assertThat(key.grants()).extracting(Grant::text).containsExactly("admin");
        });
        assertThat(Files.readString(data.resolve(ApiKeyFile.NAME))).doesNotContain(shown.group(1));
        assertThat(FirstCallerKey.make(config(AccessMode.REQUIRED))).isEmpty();
    }

    @Test
    void otherModesNeedNone() {
        assertThat(FirstCallerKey.make(config(AccessMode.LOOPBACK))).isEmpty();
        assertThat(FirstCallerKey.make(config(AccessMode.OPEN))).isEmpty();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void aDirectoryIsNewUntilANodeHasKeptItsKeyThere() {
        assertThat(Identity.isNew(data)).isTrue();
        Identity.open(data);
        assertThat(Identity.isNew(data)).isFalse();
    }
}
