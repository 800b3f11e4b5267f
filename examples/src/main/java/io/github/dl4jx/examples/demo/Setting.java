package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Progress;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What the user asked of a demonstration.
 *
 * @param seed of data and weights
 * @param steps the most that a training on CIFAR-10 may take
 * @param folder of the demonstration, where long ones keep finished runs
 * @param images CIFAR-10, loaded when it is asked for
 * @param progress where notices go
 */
record Setting(long seed, int steps, Path folder, Supplier<Cifar10> images, Progress progress) {}
