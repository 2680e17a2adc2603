package io.qbc.gossip.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.model.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedChainsTest {
    private static final Hash A = new Hash(1, 1, 1, 1);
    private static final Hash B = new Hash(2, 2, 2, 2);

    @Test
    void theConfigurationDecidesWhatNobodyElseDid() {
        assertThat(followed(Choice.ALL).wants(A, "a", true)).isTrue();
        assertThat(followed(Choice.NONE).wants(A, "a", true)).isFalse();
        assertThat(followed(Choice.LISTED, "a").wants(A, "a", true)).isTrue();
        assertThat(followed(Choice.LISTED, A.hex()).wants(A, "other", true)).isTrue();
        assertThat(followed(Choice.LISTED, "a").wants(B, "b", true)).isFalse();
    }

    @Test
    void aNameMeansOneChain() {
        assertThat(followed(Choice.LISTED, "a").wants(A, "a", false)).isFalse();
        assertThat(followed(Choice.LISTED, A.hex()).wants(A, "a", false)).isTrue();
        assertThat(followed(Choice.ALL).wants(A, "a", false)).isTrue();
        FollowedChains joined = followed(Choice.NONE);
        joined.join("a", Optional.empty());
        assertThat(joined.wants(A, "a", true)).isTrue();
        assertThat(joined.named(A, "a", true)).isTrue();
        assertThat(joined.wants(B, "a", false)).isFalse();
        assertThat(followed(Choice.ALL).named(A, "a", true))
                .as("nobody named it")
                .isFalse();
    }

    @Test
    void theLastWordCounts() {
        FollowedChains followed = followed(Choice.NONE);
        followed.join("a", Optional.empty());
        assertThat(followed.wants(A, "a", true)).isTrue();
        followed.leave("a", Optional.of(A), Optional.of("a"));
        assertThat(followed.wants(A, "a", true)).isFalse();
        assertThat(followed.left(A, "a")).isTrue();
        assertThat(followed.left(B, "a")).isFalse();
        followed.join(A.hex(), Optional.of(A));
        assertThat(followed.left(A, "a")).isFalse();
        assertThat(followed.wants(A, "a", true)).isTrue();
    }

    @Test
    void whatIsMadeHereIsFollowedAgain() {
        FollowedChains followed = followed(Choice.ALL);
        followed.leave(A.hex(), Optional.of(A), Optional.of("a"));
        followed.made(A, "a");
        assertThat(followed.left(A, "a")).isFalse();
    }

    @Test
    void theFileHoldsAll(@TempDir Path data) throws IOException {
        FollowFile file = new FollowFile(data);
        assertThat(file.read()).isEqualTo(FollowedChains.Stored.NOTHING);
        FollowedChains followed = followed(Choice.ALL);
        assertThat(followed.unsaved()).isEmpty();
        followed.join("x", Optional.empty());
        followed.leave(A.hex(), Optional.of(A), Optional.of("a"));
        FollowedChains.Stored stored = followed.unsaved().orElseThrow();
        file.write(stored);
        assertThat(file.read()).isEqualTo(stored);
        assertThat(followed.unsaved()).isEmpty();
        Files.writeString(data.resolve("following.json"), "{\"left\":[1]}");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(file::read)).isInstanceOf(IOException.class);
    }

    private static FollowedChains followed(Choice choice, String... listed) {
        return new FollowedChains(new NodeConfig.Chains(choice, List.of(listed), 10));
    }
}
