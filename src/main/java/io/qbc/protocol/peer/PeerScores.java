package io.qbc.protocol.peer;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scores of peers and addresses, and the bans that follow from them: decisions only. Each misbehaviour adds its
 * points, points fade, and at a limit the subject is banned for a time. Times are milliseconds.
 */
public final class PeerScores {
    /** How long one point counts. */
    static final long POINT_MILLIS = 6_000;

    private static final int SCORES_MAX = 4096;
    private static final int BANS_MAX = 4096;

    private final int limit;
    private final long banMillis;
    private final LinkedHashMap<String, Score> scores = new LinkedHashMap<>();
    private final LinkedHashMap<String, Ban> bans = new LinkedHashMap<>();
    private final TreeMap<Misbehaviour, Long> counts = new TreeMap<>();
    private boolean changed;

    /**
     * Nobody has done anything yet.
     *
     * @param limit at so many points a subject is banned; 0 for never
     * @param banMillis how long
     */
    public PeerScores(int limit, long banMillis) {
        this.limit = limit;
        this.banMillis = banMillis;
    }

    private record Score(long points, long at) {
        long points(long now) {
            return Math.max(0, points - Math.max(0, now - at) / POINT_MILLIS);
        }
    }

    /** Counts a misbehaviour of nobody in particular. */
    public void count(Misbehaviour what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Adds the points of a misbehaviour; gives the ban if it follows now. */
    public Optional<Ban> report(String subject, Misbehaviour what, long now) {
        count(what);
        if (banned(subject, now)) {
            return Optional.empty();
        }
        long points = score(subject, now) + what.points();
        scores.remove(subject);
        if (limit > 0 && points >= limit) {
            return Optional.of(ban(new Ban(subject, now, now + banMillis, what.code(), false), now));
        }
        scores.put(subject, new Score(points, now));
        if (scores.size() > SCORES_MAX) {
            scores.remove(scores.keySet().iterator().next());
        }
        return Optional.empty();
    }

    /** The points of a subject at present. */
    public long score(String subject, long now) {
        return Optional.ofNullable(scores.get(subject))
                .map(score -> score.points(now))
                .orElse(0L);
    }

    /** Bans, in the place of an earlier ban of the same subject. */
    public Ban ban(Ban ban, long now) {
        expire(now);
        bans.remove(ban.subject());
        if (bans.size() >= BANS_MAX) {
            bans.values().stream()
                    .min(Comparator.comparing(Ban::byOperator).thenComparingLong(Ban::until))
                    .ifPresent(soonest -> bans.remove(soonest.subject()));
        }
        bans.put(ban.subject(), ban);
        scores.remove(ban.subject());
        changed = true;
        return ban;
    }

    /** Ends a ban before its time; nothing if there is none. */
    public Optional<Ban> lift(String subject, long now) {
        expire(now);
        Optional<Ban> gone = Optional.ofNullable(bans.remove(subject));
        changed |= gone.isPresent();
        return gone;
    }

    public boolean banned(String subject, long now) {
        return ban(subject, now).isPresent();
    }

    /** The ban of a subject that has one at present. */
    public Optional<Ban> ban(String subject, long now) {
        return Optional.ofNullable(bans.get(subject)).filter(ban -> ban.until() > now);
    }

    /** All bans that have not ended, the oldest first. */
    public List<Ban> bans(long now) {
        expire(now);
        return List.copyOf(bans.values());
    }

    /** How often each misbehaviour was noticed, by its code. */
    public SortedMap<String, Long> counts() {
        TreeMap<String, Long> coded = new TreeMap<>();
        for (Misbehaviour each : Misbehaviour.values()) {
            coded.put(each.code(), counts.getOrDefault(each, 0L));
        }
        return coded;
    }

    /** Takes over the bans of an earlier run. */
    public void restore(List<Ban> stored, long now) {
        stored.stream().filter(ban -> ban.until() > now).forEach(ban -> ban(ban, now));
        changed = false;
    }

    /** What is to be stored, if that changed since this was asked last. */
    public Optional<List<Ban>> unsaved() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(List.copyOf(bans.values()));
    }

    /** It could not be stored, and is to be stored later. */
    public void lost() {
        changed = true;
    }

    private void expire(long now) {
        changed |= bans.values().removeIf(ban -> ban.until() <= now);
    }
}
