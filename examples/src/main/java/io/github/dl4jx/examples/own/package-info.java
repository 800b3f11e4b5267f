/** An activation of one's own, to copy. */
@NullMarked
package io.github.dl4jx.examples.own;

import org.jspecify.annotations.NullMarked;
