/** Activation functions for Deeplearning4j, found by name in {@link io.github.dl4jx.activations.Activations}. */
@NullMarked
package io.github.dl4jx.activations;

import org.jspecify.annotations.NullMarked;
