package io.github.dl4jx.init;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import org.deeplearning4j.nn.weights.IWeightInit;

/** The catalogue is complete, and what is optional stays so. */
@AnalyzeClasses(packages = "io.github.dl4jx.init", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule EVERY_INITIALISER_IS_IN_THE_CATALOGUE = classes()
            .that()
            .areAssignableTo(IWeightInit.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should(ArchCondition.from(DescribedPredicate.<JavaClass>describe(
                    "be in the catalogue", type -> Initializers.entries().stream()
                            .anyMatch(entry -> entry.type().getName().equals(type.getName())))));

    /** Or whoever has no UI on the class path could not load the rest. */
    @ArchTest
    static final ArchRule THE_UI_IS_KNOWN_TO_ONE_CLASS = noClasses()
            .that()
            .doNotHaveSimpleName("UiReports")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j.ui..", "org.deeplearning4j.core..", "org.agrona..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("UiReports");
}
