/** Weight initialisers for Deeplearning4j, found by name in {@link io.github.dl4jx.init.Initializers}. */
@NullMarked
package io.github.dl4jx.init;

import org.jspecify.annotations.NullMarked;
