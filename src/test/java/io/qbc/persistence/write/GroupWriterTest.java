package io.qbc.persistence.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.SimDisk;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The steps of writing, taken in one thread: nothing is answered before it is durable, or after a fault. */
class GroupWriterTest {
    private final SimDisk disk = new SimDisk(Set.of());
    private final Deque<Runnable> context = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final GroupWriter groupWriter = new GroupWriter(disk, context::add);

    @Test
    void asAPortItTakesAllStepsAtOnceAndLeavesTheAnswerToTheContext() {
        assertThat(groupWriter.push(new Noted("a"))).isEmpty();
        assertThat(seen).containsExactly("put a", "settled a true");
        assertThat(stored("a")).isTrue();
        context.remove().run();
        assertThat(seen).endsWith("answer a true");
    }

    @Test
    void writesOfOneGroupAreSettledAndAnsweredInTheirOrder() {
        groupWriter.append(List.of(new Noted("a"), new Noted("b")), groupWriter::finish);
        assertThat(context).hasSize(1);
        context.remove().run();
        assertThat(seen)
                .containsExactly(
                        "put a", "put b", "settled a true", "settled b true", "answer a true", "answer b true");
    }

    @Test
    void aWriteAtFaultIsDroppedAndTheOthersOfItsGroupAreMade() {
        groupWriter.append(List.of(new Noted("a"), new Noted("faulty"), new Noted("b")), groupWriter::finish);
        context.forEach(Runnable::run);
        assertThat(seen).contains("answer a true", "answer faulty false", "answer b true");
        assertThat(stored("a")).isTrue();
        assertThat(stored("b")).isTrue();
        assertThat(groupWriter.writable()).isTrue();
    }

    @Test
    void afterADiskThatFailedNothingIsTakenAndNothingPut() {
        disk.fail();
        assertThat(groupWriter.push(new Noted("a"))).isEmpty();
        context.remove().run();
        assertThat(seen).containsExactly("put a", "settled a false", "answer a false");
        assertThat(groupWriter.writable()).isFalse();
        assertThat(groupWriter.push(new Noted("b")).map(Refusal::reason)).contains(Reason.STORE_READ_ONLY);
        groupWriter.append(List.of(new Noted("c")), groupWriter::finish);
        assertThat(seen).doesNotContain("put b", "put c").endsWith("settled c false");
    }

    private boolean stored(String name) {
        return disk.get(ColumnFamily.META, key(name)).isPresent();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private final class Noted implements Write {
        private final String name;

        Noted(String name) {
            this.name = name;
        }

        @Override
        public long bytes() {
            return 1;
        }

        @Override
        public void put(Group group) {
            if ("faulty".equals(name)) {
                throw StoreException.corrupt("told to fail");
            }
            group.put(ColumnFamily.META, key(name), new byte[1]);
            seen.add("put " + name);
        }

        @Override
        public void settled(Optional<Refusal> refusal) {
            seen.add("settled " + name + " " + refusal.isEmpty());
        }

        @Override
        public void answer(Optional<Refusal> refusal) {
            seen.add("answer " + name + " " + refusal.isEmpty());
        }
    }
}
