package io.qbc.gates;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The import rules of the design as ArchUnit rules, for the packages below one root. */
record ImportRules(String root) {
    private static final Set<String> CORE = Set.of("model", "merkle", "consensus", "ledger", "talk");
    private static final Set<String> LEDGER = Set.of("model", "merkle", "consensus", "ledger");
    private static final Set<String> GOSSIP = Set.of("model", "merkle", "consensus", "ledger", "bus", "config", "talk");
    private static final Set<String> STAGE = Set.of("model", "merkle", "consensus", "ledger", "bus", "config");

    /** For each package what it may import; the root package may import all, and nothing may import the root. */
    private static final Map<String, Set<String>> EDGES = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("merkle", Set.of("model")),
            Map.entry("consensus", Set.of("model", "merkle")),
            Map.entry("ledger", Set.of("model", "merkle", "consensus")),
            Map.entry("talk", LEDGER),
            Map.entry("bus", LEDGER),
            Map.entry("config", LEDGER),
            Map.entry("http", STAGE),
            Map.entry("mining", STAGE),
            Map.entry("persistence", STAGE),
            Map.entry("gossip", GOSSIP),
            Map.entry("projection", STAGE),
            Map.entry("client", Set.of("model", "merkle")),
            Map.entry("cli", Set.of("config", "client", "model")));

    /** Packages of the JDK that neither wait, nor read a clock, nor leave the process. */
    private static final Set<String> PLAIN = Set.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.lang.annotation",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.security",
            "java.time",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream");

    private static final Set<String> NOT_PLAIN = Set.of(
            "java.lang.Thread",
            "java.lang.Runtime",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.security.SecureRandom",
            "java.time.Clock",
            "java.util.Random",
            "java.util.Timer",
            "java.util.WeakHashMap",
            "java.util.IdentityHashMap");

    private static final Set<String> UNSTEADY_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.identityHashCode",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle",
            "java.util.Collection.parallelStream");

    private static final Set<String> UNORDERED = Set.of("java.util.Map", "java.util.HashMap");
    private static final Set<String> ITERATIONS = Set.of("keySet", "values", "entrySet", "forEach", "replaceAll");

    List<ArchRule> all() {
        return List.of(
                edges(),
                noCycles(),
                corePlain(),
                coreSteady(),
                only("org.rocksdb..", "persistence", "cli.bench"),
                only("io.vertx.ext.web", "http"),
                only("io.vertx.ext.web.client..", "gossip"));
    }

    /** No edge but those of the table; a package that the table does not know may import nothing. */
    ArchRule edges() {
        return classes()
                .that()
                .resideInAPackage(root + ".*..")
                .should(new ArchCondition<JavaClass>("import only what the design lets their package import") {
                    @Override
                    public void check(JavaClass from, ConditionEvents events) {
                        from.getDirectDependenciesFromSelf().stream()
                                .filter(edge -> !permitted(from, edge.getTargetClass()))
                                .forEach(
                                        edge -> events.add(SimpleConditionEvent.violated(edge, edge.getDescription())));
                    }
                });
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);
    }

    /** The core is plain Java: no Vert.x, no thread, no file, no socket, no chance. */
    ArchRule corePlain() {
        return classes().that(inCore()).should(new ArchCondition<JavaClass>("be plain Java") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                from.getDirectDependenciesFromSelf().stream()
                        .filter(edge -> !plain(from, edge))
                        .forEach(edge -> events.add(SimpleConditionEvent.violated(edge, edge.getDescription())));
            }
        });
    }

    /** The core gives the same answer at every run: no clock, no chance, no iteration in the order of hashes. */
    ArchRule coreSteady() {
        return classes()
                .that(inCore())
                .should(new ArchCondition<JavaClass>("call nothing that differs from run to run") {
                    @Override
                    public void check(JavaClass from, ConditionEvents events) {
                        from.getAccessesFromSelf().stream()
                                .filter(ImportRules::unsteady)
                                .forEach(
                                        call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
                    }
                });
    }

    /** These classes are used by these packages alone. */
    ArchRule only(String used, String... users) {
        String[] inside = Stream.of(users).map(user -> root + "." + user + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(inside)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(used);
    }

    private DescribedPredicate<JavaClass> inCore() {
        return DescribedPredicate.describe("are in the core", type -> CORE.contains(top(type.getPackageName())));
    }

    private boolean permitted(JavaClass from, JavaClass to) {
        JavaClass target = to.getBaseComponentType();
        if (!target.getPackageName().equals(root) && !target.getPackageName().startsWith(root + ".")) {
            return true;
        }
        String origin = top(from.getPackageName());
        String wanted = top(target.getPackageName());
        return origin.equals(wanted) || EDGES.getOrDefault(origin, Set.of()).contains(wanted);
    }

    private boolean plain(JavaClass from, Dependency edge) {
        JavaClass target = edge.getTargetClass().getBaseComponentType();
        String home = target.getPackageName();
        if (target.isPrimitive() || home.equals(root) || home.startsWith(root + ".")) {
            return true;
        }
        if (home.equals("org.bouncycastle.math.ec.rfc8032")) {
            return top(from.getPackageName()).equals("model");
        }
        return PLAIN.contains(home) && !NOT_PLAIN.contains(outermost(target.getName()));
    }

    private static boolean unsteady(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return UNSTEADY_CALLS.contains(owner + "." + access.getName())
                || (UNORDERED.contains(owner) && ITERATIONS.contains(access.getName()));
    }

    private static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The first package below the root; empty for the root itself. */
    private String top(String home) {
        if (!home.startsWith(root + ".")) {
            return "";
        }
        String below = home.substring(root.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }
}
