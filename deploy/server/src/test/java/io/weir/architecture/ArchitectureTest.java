package io.weir.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The five rules that hold the architecture, over every class of the product. What each means stands in
/// [Rules]; that each can fail is shown by [PlantedBreachTest].
@AnalyzeClasses(packages = "io.weir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule data_flows_one_way = Rules.DATA_FLOWS_ONE_WAY;

    @ArchTest
    static final ArchRule each_engine_has_one_door = Rules.EACH_ENGINE_HAS_ONE_DOOR;

    @ArchTest
    static final ArchRule quarkus_stays_at_the_edge = Rules.QUARKUS_STAYS_AT_THE_EDGE;

    @ArchTest
    static final ArchRule packages_form_no_cycles = Rules.PACKAGES_FORM_NO_CYCLES;

    @ArchTest
    static final ArchRule time_comes_in_through_the_constructor = Rules.TIME_COMES_IN_THROUGH_THE_CONSTRUCTOR;
}
