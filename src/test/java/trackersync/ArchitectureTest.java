package trackersync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may use which (docs/architecture.md, "Java"). */
@AnalyzeClasses(packages = "trackersync", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule engineKnowsNeitherItsCallersNorTheToys =
      noClasses()
          .that()
          .resideInAnyPackage(
              "trackersync.operation", "trackersync.fetch", "trackersync.map", "trackersync.secret")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "trackersync.http", "trackersync.cli", "trackersync.toy", "trackersync")
          .because(
              "routes join them; what starts the program may know the engine, not the reverse");

  @ArchTest
  static final ArchRule toysUseNothingOfTheEngine =
      noClasses()
          .that()
          .resideInAPackage("trackersync.toy")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "trackersync",
              "trackersync.cli",
              "trackersync.fetch",
              "trackersync.http",
              "trackersync.map",
              "trackersync.operation",
              "trackersync.secret")
          .because("a toy that shares code with the engine shares its mistakes");

  @ArchTest
  static final ArchRule packagesDoNotGoInCircles =
      slices()
          .matching("trackersync.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a feature can then be read on its own");
}
