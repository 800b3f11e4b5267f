/** The signal lab: how mean and spread of activations and gradients fare on their way through a deep network. */
@NullMarked
package io.github.dl4jx.examples.signal;

import org.jspecify.annotations.NullMarked;
