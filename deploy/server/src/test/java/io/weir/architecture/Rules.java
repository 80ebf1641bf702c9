package io.weir.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Arrays;
import java.util.List;

/// The five rules. Each says when it breaks how to mend it.
final class Rules {
    /// The classes that are put together and started, in contrast to the engines' modules.
    static final String[] DEPLOY = {"io.weir.server..", "io.weir.cli..", "io.weir.examples..", "io.weir.testing.."};

    static final ArchRule DATA_FLOWS_ONE_WAY = CompositeArchRule.of(List.of(
                    blind("io.weir.log..", "io.weir.streams..", "io.weir.connect..", "io.weir.tiered.."),
                    blind("io.weir.streams..", "io.weir.connect..", "io.weir.tiered.."),
                    blind("io.weir.connect..", "io.weir.streams..", "io.weir.tiered.."),
                    blind("io.weir.tiered..", "io.weir.streams..", "io.weir.connect.."),
                    noClasses()
                            .that()
                            .resideInAnyPackage(
                                    "io.weir.log..", "io.weir.streams..", "io.weir.connect..", "io.weir.tiered..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(DEPLOY),
                    noClasses()
                            .that()
                            .resideInAnyPackage(
                                    "io.weir.streams.dsl..",
                                    "io.weir.streams.topology..",
                                    "io.weir.streams.testing..",
                                    "io.weir.tiered.segment..",
                                    "io.weir.tiered.shape..",
                                    "io.weir.tiered.parquet..",
                                    "io.weir.tiered.store..",
                                    "io.weir.tiered.archive..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.weir.log..")
                            .because("a user's job module and a stock broker load these packages without log-core:"
                                    + " declare a port here and implement it in job, rest or wiring")))
            .as("data flows one way: log <- {streams, connect, tiered} <- server, siblings blind to each other")
            .because("put the shared word in log.topic or log.record, or declare a port and wire it in deploy/server");

    static final ArchRule EACH_ENGINE_HAS_ONE_DOOR = CompositeArchRule.of(Doors.all())
            .as("each engine has one door")
            .because("an engine upgrade must be a one-package diff:"
                    + " add a method to the port the domain owns and call the engine behind it");

    static final ArchRule QUARKUS_STAYS_AT_THE_EDGE = CompositeArchRule.of(List.of(
                    noClasses()
                            .that()
                            .resideOutsideOfPackages(edgesAnd("io.weir.connect.worker.."))
                            .should()
                            .dependOnClassesThat(resideInAnyPackage("jakarta..")),
                    noClasses()
                            .that()
                            .resideInAPackage("io.weir.connect.worker..")
                            .should()
                            .dependOnClassesThat(
                                    resideInAPackage("jakarta..").and(JavaClasses.outside("jakarta.ws.rs.core"))),
                    noClasses()
                            .that()
                            .resideOutsideOfPackages(edgesAnd())
                            .should()
                            .dependOnClassesThat(resideInAnyPackage(
                                    "io.quarkus..", "io.smallrye..", "org.eclipse.microprofile..", "io.vertx.."))))
            .as("Quarkus stays at the edge: in rest, wiring and deploy")
            .because("take the value as a constructor argument; produce it in wiring");

    static final ArchRule PACKAGES_FORM_NO_CYCLES = slices().matching("io.weir.(**)")
            .should()
            .beFreeOfCycles()
            .as("packages form no cycles")
            .because("a cycle is one package in disguise: move the shared type to the package that owns the word");

    static final ArchRule TIME_COMES_IN_THROUGH_THE_CONSTRUCTOR = CompositeArchRule.of(List.of(
                    noClasses()
                            .that()
                            .resideOutsideOfPackages(concat(DEPLOY, "io.weir..wiring.."))
                            .should()
                            .accessTargetWhere(Surroundings.ASKED),
                    // Kafka's engines and plugins know real time only; these packages are what they run in
                    noClasses()
                            .that()
                            .resideOutsideOfPackages(concat(
                                    DEPLOY,
                                    "io.weir..wiring..",
                                    "io.weir.log.engine..",
                                    "io.weir.log.journal..",
                                    "io.weir.tiered.archive.."))
                            .should()
                            .accessTargetWhere(Surroundings.KAFKA_ASKED)))
            .as("time comes in through the constructor: no system clock, sleep, randomness or environment"
                    + " outside wiring and deploy")
            .because("ask for a Clock, Random or setting in the constructor; simulations need it");

    private Rules() {}

    private static ArchRule blind(String module, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static String[] edgesAnd(String... more) {
        return concat(concat(DEPLOY, "io.weir..rest..", "io.weir..wiring.."), more);
    }

    private static String[] concat(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
