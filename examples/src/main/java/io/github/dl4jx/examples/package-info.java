/** Programs that show what the pack does: the command line {@code dl4jx}, and three short ones to copy. */
@NullMarked
package io.github.dl4jx.examples;

import org.jspecify.annotations.NullMarked;
