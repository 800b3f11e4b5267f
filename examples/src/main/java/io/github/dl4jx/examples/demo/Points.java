package io.github.dl4jx.examples.demo;

import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labelled points; the same on every machine for one seed, since the Java specification fixes what {@link Random} draws. */
final class Points {
    private static final double TURNS = 1.25;

    private final double[][] positions;
    private final int[] classes;

    /**
     * Of given ones, not copied.
     *
     * @param positions a row each
     * @param classes 0 or 1
     */
    Points(double[][] positions, int[] classes) {
        this.positions = positions;
        this.classes = classes;
    }

    /** A disc of one class inside a ring of the other, with a gap between them. */
    static Points circles(int size, long seed) {
        Random random = new Random(seed);
        return of(size, i -> {
            double radius = i % 2 == 0 ? 0.7 + 0.3 * random.nextDouble() : 0.5 * Math.sqrt(random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            return new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
        });
    }

    /** Two arms that wind around each other {@value #TURNS} times. */
    static Points spirals(int size, long seed) {
        Random random = new Random(seed);
        return of(size, i -> {
            int pair = i / 2;
            double along = (pair + 0.5) / (size / 2.0);
            double angle = 2 * Math.PI * TURNS * along + (i % 2 == 0 ? 0 : Math.PI);
            return new double[] {
                along * Math.sin(angle) + 0.02 * random.nextGaussian(),
                along * Math.cos(angle) + 0.02 * random.nextGaussian()
            };
        });
    }

    private interface Place {
        double[] of(int i);
    }

    private static Points of(int size, Place place) {
        double[][] positions = new double[size][];
        int[] classes = new int[size];
        for (int i = 0; i < size; i++) {
            positions[i] = place.of(i);
            classes[i] = i % 2;
        }
        return new Points(positions, classes);
    }

    double[] position(int i) {
        return positions[i];
    }

    /** 0 or 1. */
    int classOf(int i) {
        return classes[i];
    }

    int size() {
        return classes.length;
    }

    INDArray features() {
        return array(positions);
    }

    INDArray labels() {
        float[][] labels = new float[size()][1];
        for (int i = 0; i < size(); i++) {
            labels[i][0] = classes[i];
        }
        return Nd4j.create(labels);
    }

    static INDArray array(double[][] values) {
        float[][] floats = new float[values.length][];
        for (int i = 0; i < values.length; i++) {
            floats[i] = new float[values[i].length];
            for (int j = 0; j < values[i].length; j++) {
                floats[i][j] = (float) values[i][j];
            }
        }
        return Nd4j.create(floats);
    }

    /** The share of the points whose class a network with one output in (0, 1) names. */
    double accuracy(MultiLayerNetwork network) {
        float[] outputs = network.output(features()).ravel().toFloatVector();
        int right = 0;
        for (int i = 0; i < size(); i++) {
            right += !Float.isNaN(outputs[i]) && (outputs[i] > 0.5f ? 1 : 0) == classes[i] ? 1 : 0;
        }
        return (double) right / size();
    }
}
