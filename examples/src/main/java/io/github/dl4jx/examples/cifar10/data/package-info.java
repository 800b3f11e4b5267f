/**
 * CIFAR-10: where its files come from and how they are verified, the images in memory, their split, their
 * preprocessing, and the iterator that feeds them to a network.
 */
@NullMarked
package io.github.dl4jx.examples.cifar10.data;

import org.jspecify.annotations.NullMarked;
