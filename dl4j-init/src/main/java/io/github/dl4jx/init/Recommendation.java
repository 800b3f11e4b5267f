package io.github.dl4jx.init;

import org.deeplearning4j.nn.weights.IWeightInit;

/**
 * The initialiser that suits an activation.
 *
 * @param initializer what to set as {@code weightInit}
 * @param gain the kind of gain behind it
 * @param reason why, in one sentence
 */
public record Recommendation(IWeightInit initializer, GainKind gain, String reason) {}
