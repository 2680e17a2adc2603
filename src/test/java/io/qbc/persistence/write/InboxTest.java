package io.qbc.persistence.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InboxTest {
    @Test
    void oneOwnersFloodLeavesRoomForOthers() throws InterruptedException {
        Inbox<Integer> inbox = new Inbox<>(1000);
        int first = flood(inbox, 1);
        int second = flood(inbox, 2);
        assertThat(first).isBetween(45, 50);
        assertThat(second).isBetween(15, 25);
        assertThat(inbox.offer(3, 10, 3)).isEmpty();
        assertThat(inbox.take(1000)).hasSize(first + second + 1).endsWith(3);
        assertThat(flood(inbox, 1)).isEqualTo(first);
    }

    private static int flood(Inbox<Integer> inbox, int owner) {
        int taken = 0;
        while (inbox.offer(owner, 10, owner).isEmpty()) {
            taken++;
        }
        return taken;
    }

    @Test
    void whatIsLargerThanAllComesInAlone() throws InterruptedException {
        Inbox<Integer> inbox = new Inbox<>(100);
        assertThat(inbox.offer(1, 500, 1)).isEmpty();
        assertThat(inbox.offer(2, 1, 2)).isPresent();
        assertThat(inbox.take(1)).containsExactly(1);
        inbox.close();
        assertThat(inbox.offer(3, 1, 1)).isPresent();
        assertThat(inbox.take(1)).isEmpty();
    }
}
