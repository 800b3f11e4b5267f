/**
 * Internal: how a function runs over an array. {@link io.github.dl4jx.activations.kernel.ArrayRunner} runs its ND4J
 * operations, or hands it to the fused loops, which run its {@link io.github.dl4jx.activations.kernel.Kernel}. No class
 * here knows an activation by name.
 */
@NullMarked
package io.github.dl4jx.activations.kernel;

import org.jspecify.annotations.NullMarked;
