package io.qbc.subscription;

import java.util.ArrayList;
import java.util.List;

/**
 * Some leaf indexes, as ranges in order that do not touch.
 *
 * @param ranges what they are
 */
public record LeafRanges(List<Range> ranges) {
    public static final LeafRanges NONE = new LeafRanges(List.of());

    public LeafRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Leaf indexes in a row.
     *
     * @param end the first one that is not in it
     */
    public record Range(long begin, long end) {
        public Range {
            if (begin < 0 || end <= begin) {
                throw new IllegalArgumentException("no range: " + begin + " to " + end);
            }
        }
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many leaf indexes these are. */
    public long count() {
        return ranges.stream().mapToLong(range -> range.end() - range.begin()).sum();
    }

    public boolean has(long leaf) {
        int at = behind(leaf);
        return at > 0 && leaf < ranges.get(at - 1).end();
    }

    /** The place of the first range that begins behind a leaf. */
    private int behind(long leaf) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).begin() <= leaf) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** These and one more. */
    public LeafRanges with(long leaf) {
        if (has(leaf)) {
            return this;
        }
        int at = behind(leaf);
        List<Range> all = new ArrayList<>(ranges);
        boolean before = at > 0 && all.get(at - 1).end() == leaf;
        boolean after = at < all.size() && all.get(at).begin() == leaf + 1;
        long begin = before ? all.get(at - 1).begin() : leaf;
        long end = after ? all.get(at).end() : leaf + 1;
        if (after) {
            all.remove(at);
        }
        if (before) {
            all.set(at - 1, new Range(begin, end));
        } else {
            all.add(at, new Range(begin, end));
        }
        return new LeafRanges(all);
    }

    /** Those at a leaf and behind it. */
    public LeafRanges from(long leaf) {
        if (ranges.isEmpty() || ranges.get(0).begin() >= leaf) {
            return this;
        }
        return new LeafRanges(ranges.stream()
                .filter(range -> range.end() > leaf)
                .map(range -> new Range(Math.max(leaf, range.begin()), range.end()))
                .toList());
    }

    /** Those before a leaf. */
    public LeafRanges below(long leaf) {
        if (ranges.isEmpty() || ranges.get(ranges.size() - 1).end() <= leaf) {
            return this;
        }
        return new LeafRanges(ranges.stream()
                .filter(range -> range.begin() < leaf)
                .map(range -> new Range(range.begin(), Math.min(leaf, range.end())))
                .toList());
    }
}
