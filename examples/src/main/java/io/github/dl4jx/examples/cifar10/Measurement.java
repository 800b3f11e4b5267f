package io.github.dl4jx.examples.cifar10;

/**
 * What is known at one moment of a run.
 *
 * @param images how many images the network has been trained on, repetitions counted
 * @param seconds how long that took, without evaluations
 * @param trainLoss mean over the batches since the measurement before
 * @param validation on the first validation images
 * @param nanSeen whether a loss was NaN or infinite so far
 */
record Measurement(long images, double seconds, double trainLoss, Score validation, boolean nanSeen) {

    double imagesPerSecond() {
        return images / seconds;
    }
}
