package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.FittedPreprocessing;
import io.github.dl4jx.examples.cifar10.data.Images;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * How well a network does on some images.
 *
 * @param accuracy fraction of the images whose class it names
 * @param loss mean cross-entropy
 */
public record Score(double accuracy, double loss) {
    private static final int BATCH = 250;

    /** Of a network. */
    public static Score of(Classifier network, Images images, FittedPreprocessing preprocessing) {
        DataSetIterator batches = new Cifar10Iterator(images, preprocessing, BATCH, 0);
        long correct = 0;
        double loss = 0;
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            float[][] probabilities = network.probabilities(batch.getFeatures()).toFloatMatrix();
            int[] labels = labels(batch.getLabels());
            for (int i = 0; i < labels.length; i++) {
                correct += argMax(probabilities[i]) == labels[i] ? 1 : 0;
                loss -= Math.log(Math.max(probabilities[i][labels[i]], Float.MIN_NORMAL));
            }
        }
        return new Score((double) correct / images.size(), loss / images.size());
    }

    private static int[] labels(INDArray oneHot) {
        return oneHot.argMax(1).toIntVector();
    }

    /** The class of the largest value, or −1 if one is NaN: such a network names no class. */
    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                return -1;
            }
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
