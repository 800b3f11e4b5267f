/** The lookup by name that the activations and the initialisers share. */
@NullMarked
package io.github.dl4jx.catalogue;

import org.jspecify.annotations.NullMarked;
