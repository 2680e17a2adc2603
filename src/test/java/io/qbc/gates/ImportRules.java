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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The import rules of the design as ArchUnit rules, for the packages below one root. */
record ImportRules(String root) {
    /** Plain Java, in the order in which they build on one another. */
    private static final Set<String> CORE =
            Set.of("model", "json", "merkle", "receipt", "consensus", "ledger", "protocol", "schema", "spec", "access");

    private static final Set<String> STAGE =
            Set.of("model", "json", "merkle", "receipt", "consensus", "ledger", "spec", "bus", "config", "tracing");

    /**
     * For each package what it may import. {@code node} and the root wire all together and may import all; nothing may
     * import the root, and only the root and the test kit may import {@code node}.
     */
    private static final Map<String, Set<String>> EDGES = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("json", Set.of("model")),
            Map.entry("merkle", Set.of("model")),
            Map.entry("receipt", Set.of("model", "json", "merkle")),
            Map.entry("consensus", Set.of("model", "json", "merkle")),
            Map.entry("ledger", Set.of("model", "json", "merkle", "consensus")),
            Map.entry("protocol", Set.of("model", "json", "merkle", "consensus", "ledger")),
            Map.entry("schema", Set.of("model", "json", "ledger")),
            Map.entry("spec", Set.of("model", "json", "consensus", "schema")),
            Map.entry("access", Set.of("model", "json")),
            Map.entry("config", Set.of("model", "json", "ledger")),
            Map.entry("tracing", Set.of("model", "config")),
            Map.entry("bus", Set.of("model", "merkle", "consensus", "ledger", "tracing")),
            Map.entry("logging", Set.of()),
            Map.entry("api", with(STAGE, "access")),
            Map.entry("http", with(with(with(STAGE, "access"), "api"), "eventbus")),
            Map.entry("eventbus", with(with(STAGE, "access"), "api")),
            Map.entry("front", Set.of("model", "config", "bus", "api", "http", "eventbus")),
            Map.entry("mining", STAGE),
            Map.entry("persistence", STAGE),
            Map.entry("gossip", with(STAGE, "protocol")),
            Map.entry("follow", Set.of("model", "consensus", "bus")),
            Map.entry("projection", with(STAGE, "follow")),
            Map.entry("subscription", with(STAGE, "follow")),
            Map.entry("client", Set.of("model", "json", "merkle", "receipt")),
            Map.entry("outbox", Set.of("client", "model")),
            Map.entry("testkit", Set.of("node", "client", "model")),
            Map.entry("cli", Set.of("config", "client", "model", "json")),
            Map.entry("bench", Set.of("cli", "config", "client", "model", "json", "eventbus")));

    /** Packages inside others that are public for these neighbours alone; those of stages are for their stage alone. */
    private static final Map<String, Set<String>> NEIGHBOURS = Map.ofEntries(
            Map.entry("api.json", Set.of("api", "http", "eventbus", "front")),
            Map.entry("api.stream", Set.of("api", "http", "eventbus")),
            Map.entry("api.jwt", Set.of("api", "http")),
            Map.entry("consensus.authority", Set.of("consensus")),
            Map.entry("consensus.stake", Set.of("consensus", "spec")),
            Map.entry("schema.regex", Set.of("schema")),
            Map.entry("api.access", Set.of("api", "http", "eventbus", "node")),
            Map.entry("api.tls", Set.of("api", "http", "eventbus", "front", "node")),
            Map.entry("api.verbs", Set.of("api.verbs", "http", "eventbus")),
            Map.entry("api.audit", Set.of("api", "http", "eventbus", "node")),
            Map.entry("eventbus.cluster", Set.of("eventbus", "front", "node", "bench")),
            Map.entry("eventbus.bridge", Set.of("eventbus", "http", "node")),
            Map.entry("tracing.otel", Set.of("tracing", "node")),
            Map.entry("http.auth", Set.of("http", "front")),
            Map.entry("http.server", Set.of("http", "front")),
            Map.entry("http.routes", Set.of("http")),
            Map.entry("http.metrics", Set.of("http")),
            Map.entry("http.legacy", Set.of("http")),
            Map.entry("persistence.store", Set.of("persistence")),
            Map.entry("persistence.analytics", Set.of("persistence")),
            Map.entry("persistence.chain", Set.of("persistence")),
            Map.entry("persistence.write", Set.of("persistence")),
            Map.entry("persistence.lifecycle", Set.of("persistence")),
            Map.entry("persistence.commit", Set.of("persistence")),
            Map.entry("persistence.read", Set.of("persistence")),
            Map.entry("persistence.verify", Set.of("persistence", "node")),
            Map.entry("persistence.scrub", Set.of("persistence", "node")),
            Map.entry("persistence.index", Set.of("persistence")),
            Map.entry("persistence.backup", Set.of("persistence", "node")),
            Map.entry("cli.inject", Set.of("cli.inject", "cli.remote")),
            Map.entry("client.transport", Set.of("client", "cli")),
            Map.entry("client.rest", Set.of("client", "cli")),
            Map.entry("client.bus", Set.of("client")),
            Map.entry("gossip.peers", Set.of("gossip")),
            Map.entry("gossip.chains", Set.of("gossip")),
            Map.entry("subscription.bus", Set.of("subscription", "node")),
            Map.entry("subscription.webhook", Set.of("subscription", "node")),
            Map.entry("projection.mapping", Set.of("projection")),
            Map.entry("projection.sql", Set.of("projection")),
            Map.entry("projection.query", Set.of("projection")),
            Map.entry("bench.load", Set.of("bench")),
            Map.entry("bench.process", Set.of("bench")),
            Map.entry("bench.report", Set.of("bench")),
            Map.entry("bench.scenario", Set.of("bench")));

    /** Libraries and parts of the JDK that one package of the core is allowed beside {@link #PLAIN}. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "model", List.of("org.bouncycastle.math.ec.rfc8032"),
            "json", List.of("com.fasterxml.jackson.core", "java.io"),
            "protocol", List.of("org.bouncycastle.math.ec.rfc7748", "org.bouncycastle.crypto"),
            "schema", List.of("java.net"),
            "spec", List.of("org.erdtman.jcs", "java.io"));

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

    /** What a package directly below the root may import; no answer for one that may all, or is inside another. */
    static Optional<Set<String>> imports(String name) {
        return Optional.ofNullable(EDGES.get(name));
    }

    List<ArchRule> all() {
        return List.of(
                edges(),
                neighbours(),
                noCycles(),
                namesOnce(),
                corePlain(),
                coreSteady(),
                noSerialization(),
                only("org.rocksdb..", "persistence.store", "bench.scenario"),
                only("io.prometheus..", "http.metrics", "front"),
                only("io.vertx.httpproxy..", "front"),
                only("com.hazelcast..", "eventbus.cluster"),
                only("io.opentelemetry..", "tracing.otel"),
                only("com.nimbusds..", "api.jwt"),
                only("org.junit..", "testkit"),
                only("io.vertx.ext.web", "http"));
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

    /** A package inside another is used by its own package and by the neighbours that the table names for it. */
    ArchRule neighbours() {
        return classes()
                .that()
                .resideInAPackage(root + ".*..")
                .should(new ArchCondition<JavaClass>("be used by the neighbours of their package alone") {
                    @Override
                    public void check(JavaClass used, ConditionEvents events) {
                        used.getDirectDependenciesToSelf().stream()
                                .filter(edge -> !near(edge.getOriginClass(), used))
                                .forEach(
                                        edge -> events.add(SimpleConditionEvent.violated(edge, edge.getDescription())));
                    }
                });
    }

    /** No package reaches itself over others, the packages inside of packages included. */
    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    /** A reader who meets a name knows which class it is. */
    ArchRule namesOnce() {
        return classes()
                .that()
                .areTopLevelClasses()
                .should(new ArchCondition<JavaClass>("have a name that no other top-level class has") {
                    private final Map<String, Set<String>> homes = new TreeMap<>();

                    @Override
                    public void init(Collection<JavaClass> all) {
                        homes.clear();
                        all.forEach(type -> homes.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>())
                                .add(type.getPackageName()));
                    }

                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Set<String> found = homes.get(type.getSimpleName());
                        if (found.size() > 1 && !type.getSimpleName().equals("package-info")) {
                            String where = type.getSimpleName() + " stands in " + String.join(" and ", found);
                            events.add(SimpleConditionEvent.violated(type, where));
                        }
                    }
                });
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

    /** Nothing is read or written in forms by which a sender chooses the classes whose code runs. */
    ArchRule noSerialization() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(Input|Output)Stream|java\\.beans\\.XML.*|java\\.rmi\\..*"
                        + "|com\\.fasterxml\\.jackson\\.databind\\.jsontype\\..*|net\\.razorvine\\.pickle\\.Unpickler");
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
        if (origin.isEmpty() || origin.equals("node")) {
            return !wanted.isEmpty() || origin.isEmpty();
        }
        return origin.equals(wanted) || EDGES.getOrDefault(origin, Set.of()).contains(wanted);
    }

    private boolean near(JavaClass from, JavaClass used) {
        String home = below(used.getPackageName());
        String origin = below(from.getPackageName());
        return !NEIGHBOURS.containsKey(home)
                || NEIGHBOURS.get(home).stream().anyMatch(one -> origin.equals(one) || origin.startsWith(one + "."));
    }

    private static Set<String> with(Set<String> packages, String more) {
        return Stream.concat(packages.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private boolean plain(JavaClass from, Dependency edge) {
        JavaClass target = edge.getTargetClass().getBaseComponentType();
        String home = target.getPackageName();
        if (target.isPrimitive() || home.equals(root) || home.startsWith(root + ".")) {
            return true;
        }
        boolean allowed = ALLOWED.getOrDefault(top(from.getPackageName()), List.of()).stream()
                .anyMatch(name -> home.equals(name) || home.startsWith(name + "."));
        if (allowed) {
            return true;
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
        String below = below(home);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    /** What comes after the root; empty for the root itself. */
    private String below(String home) {
        return home.startsWith(root + ".") ? home.substring(root.length() + 1) : "";
    }
}
