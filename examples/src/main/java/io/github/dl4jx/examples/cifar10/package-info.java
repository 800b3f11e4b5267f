/** The CIFAR-10 comparison of activations and initialisers. */
@NullMarked
package io.github.dl4jx.examples.cifar10;

import org.jspecify.annotations.NullMarked;
