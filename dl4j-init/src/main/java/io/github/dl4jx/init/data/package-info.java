/** What needs an initialised network or a batch of data. */
@NullMarked
package io.github.dl4jx.init.data;

import org.jspecify.annotations.NullMarked;
