/** Dropout that belongs to an activation. */
@NullMarked
package io.github.dl4jx.activations.dropout;

import org.jspecify.annotations.NullMarked;
