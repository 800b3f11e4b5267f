package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.UsageException;
import java.util.List;

/** All demonstrations, in the order of the documents. */
final class Demonstrations {
    private static final List<Demonstration> ALL = List.of(
            new ConstantInitialization(),
            new GradientSigns(),
            new DyingReLU(),
            new SigmoidSaturation(),
            new DecisionPlane(),
            new DecisionRegions(),
            new GradientClipping(),
            new ScaledData(),
            new BatchNormOrder(),
            new SixTimesFaster());

    private Demonstrations() {}

    /** Each once. */
    static List<Demonstration> all() {
        return ALL;
    }

    static List<String> names() {
        return ALL.stream().map(Demonstration::name).toList();
    }

    /** @throws UsageException if there is none of that name */
    static Demonstration get(String name) {
        return ALL.stream()
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "unknown demonstration '" + name + "'; valid: " + String.join(", ", names()) + ", or all"));
    }
}
