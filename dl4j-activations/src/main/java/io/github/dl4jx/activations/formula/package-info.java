/**
 * {@link io.github.dl4jx.activations.formula.Formula}, a function written once, and the engines that run it over arrays:
 * loops over vectors and plain loops, compiled for each formula, and ND4J operations. All but the formula is internal, and
 * none knows an activation by name.
 */
@NullMarked
package io.github.dl4jx.activations.formula;

import org.jspecify.annotations.NullMarked;
