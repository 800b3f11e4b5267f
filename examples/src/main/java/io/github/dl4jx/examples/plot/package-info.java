/** Pictures of activations and their derivatives. */
@NullMarked
package io.github.dl4jx.examples.plot;

import org.jspecify.annotations.NullMarked;
