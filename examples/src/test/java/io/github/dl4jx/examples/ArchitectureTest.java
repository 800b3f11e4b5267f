package io.github.dl4jx.examples;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point one way: examples, initialisers, activations, ND4J. */
@AnalyzeClasses(packages = "io.github.dl4jx", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("examples")
            .definedBy("io.github.dl4jx.examples..")
            .layer("oneDNN")
            .definedBy("io.github.dl4jx.onednn..")
            .layer("initialisers")
            .definedBy("io.github.dl4jx.init..")
            .layer("activations")
            .definedBy("io.github.dl4jx.activations..")
            .layer("catalogue")
            .definedBy("io.github.dl4jx.catalogue..")
            .whereLayer("examples")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("oneDNN")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("initialisers")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("activations")
            .mayOnlyBeAccessedByLayers("examples", "initialisers", "oneDNN");
}
