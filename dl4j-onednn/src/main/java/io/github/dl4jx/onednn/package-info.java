/**
 * Runs the layers of a network on oneDNN. {@link io.github.dl4jx.onednn.OneDnn} is the door; behind it {@code Takeover} and
 * {@code GraphTakeover} put layers of this package in the place of DL4J's, {@code Dnn…} are those layers, {@code …Plan} what
 * each has prepared for a shape, and {@code Helpers} what is left where the library cannot be loaded.
 */
@NullMarked
package io.github.dl4jx.onednn;

import org.jspecify.annotations.NullMarked;
