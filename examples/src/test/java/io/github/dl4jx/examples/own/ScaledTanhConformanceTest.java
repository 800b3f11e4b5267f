package io.github.dl4jx.examples.own;

import io.github.dl4jx.activations.conformance.ActivationConformance;
import io.github.dl4jx.activations.conformance.Reference;
import java.util.Map;

/** The whole conformance test of the pack, for an activation that the pack does not know. */
class ScaledTanhConformanceTest extends ActivationConformance {
    @Override
    protected Map<String, Reference> references() {
        return Map.of(
                "scaled-tanh",
                Reference.elementwise(
                        x -> 1.7159 * Math.tanh(x * 2 / 3),
                        x -> 1.7159 * 2 / 3 * (1 - Math.pow(Math.tanh(x * 2 / 3), 2)),
                        3));
    }
}
