package io.github.dl4jx.activations;

import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawParameterTypes;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawReturnType;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.github.dl4jx.activations.formula.Formula;
import io.github.dl4jx.activations.layer.ActivationLayers;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;

/** Arrows point one way, and the catalogue is complete. */
@AnalyzeClasses(packages = "io.github.dl4jx", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ENGINES = "io.github.dl4jx.activations.formula..";
    private static final DescribedPredicate<JavaClass> AN_ENGINE = JavaClass.Predicates.resideInAPackage(ENGINES)
            .and(DescribedPredicate.not(JavaClass.Predicates.type(Formula.class)));

    @ArchTest
    static final ArchRule ENGINES_KNOW_NO_ACTIVATION = noClasses()
            .that()
            .resideInAPackage(ENGINES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.dl4jx.activations",
                    "io.github.dl4jx.activations.dropout",
                    "io.github.dl4jx.activations.layer");

    @ArchTest
    static final ArchRule CATALOGUE_KNOWS_NO_ACTIVATION = noClasses()
            .that()
            .resideInAPackage("io.github.dl4jx.catalogue..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.dl4jx.activations..");

    @ArchTest
    static final ArchRule NO_PUBLIC_TYPE_EXPOSES_AN_ENGINE = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(ENGINES)
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .arePublic()
            .should(not(haveRawReturnType(AN_ENGINE)))
            .andShould(not(haveRawParameterTypes(DescribedPredicate.anyElementThat(AN_ENGINE))));

    @ArchTest
    static final ArchRule EVERY_ACTIVATION_IS_IN_THE_CATALOGUE = classes()
            .that()
            .areAssignableTo(IActivation.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should(ArchCondition.from(
                    DescribedPredicate.<JavaClass>describe("be in the catalogue", type -> Activations.entries().stream()
                            .anyMatch(entry -> entry.type().getName().equals(type.getName())))));

    @ArchTest
    static final ArchRule EVERY_LAYER_IS_IN_ITS_CATALOGUE = classes()
            .that()
            .areAssignableTo(Layer.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should(ArchCondition.from(DescribedPredicate.<JavaClass>describe(
                    "be in the catalogue of layers", type -> ActivationLayers.entries().stream()
                            .anyMatch(entry -> entry.type().getName().equals(type.getName())))));
}
