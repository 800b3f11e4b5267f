/** The documents that are written from the catalogue. */
@NullMarked
package io.github.dl4jx.examples.docs;

import org.jspecify.annotations.NullMarked;
