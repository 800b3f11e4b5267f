/** Turns on release M2.1's oneDNN layer helpers, which the release itself leaves unreachable. */
@NullMarked
package io.github.dl4jx.onednn;

import org.jspecify.annotations.NullMarked;
