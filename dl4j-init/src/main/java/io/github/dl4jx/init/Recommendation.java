package io.github.dl4jx.init;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;

/**
 * The initialiser that suits an activation.
 *
 * @param initializer what to set as {@code weightInit}
 * @param gain the kind of gain that is in it; null if there is none, because the initialiser is used as its paper has it
 * @param reason why, in one sentence
 */
public record Recommendation(
        IWeightInit initializer, @Nullable GainKind gain, String reason) {}
