/** Activations that learn, draw or change the number of channels: DL4J layers, to be put behind a layer without one. */
@NullMarked
package io.github.dl4jx.activations.layer;

import org.jspecify.annotations.NullMarked;
