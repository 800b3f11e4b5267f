/** Internal: how a function runs over an array. No class here knows an activation by name. */
@NullMarked
package io.github.dl4jx.activations.kernel;

import org.jspecify.annotations.NullMarked;
