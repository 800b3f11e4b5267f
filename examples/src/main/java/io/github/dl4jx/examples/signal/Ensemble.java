package io.github.dl4jx.examples.signal;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.data.Moments;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Independent repetitions of an experiment, each with an input and weights of its own.
 *
 * @param experiment what was repeated
 * @param draws the moments of each repetition: the input, then each layer
 * @param histograms of the first repetition's layers
 */
record Ensemble(Experiment experiment, List<List<Moments>> draws, List<Histogram> histograms) {

    /**
     * Runs it.
     *
     * @param seed with it, fewer draws are the first of more
     * @param drawn is called after each draw
     */
    static Ensemble of(Experiment experiment, int draws, long seed, Runnable drawn) {
        IActivation activation = Activations.get(experiment.activation());
        Nd4j.getRandom().setSeed(seed);
        INDArray weights = Nd4j.createUninitialized(DataType.FLOAT, (long) Experiment.WIDTH * Experiment.WIDTH);
        INDArray input = signal();
        INDArray output = signal();
        List<List<Moments>> moments = new ArrayList<>();
        List<Histogram> histograms = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            fill(new Gaussian(1), input, Experiment.EXAMPLES);
            List<Moments> layers = new ArrayList<>(List.of(Moments.of(input)));
            for (int layer = 0; layer < Experiment.LAYERS; layer++) {
                INDArray w = fill(experiment.initializer(), weights, Experiment.WIDTH);
                Nd4j.gemm(input, w, output, false, false, 1, 0);
                activation.getActivation(output, false);
                layers.add(Moments.of(output));
                if (draw == 0) {
                    histograms.add(Histogram.of(output));
                }
                INDArray next = input;
                input = output;
                output = next;
            }
            moments.add(layers);
            drawn.run();
        }
        return new Ensemble(experiment, moments, histograms);
    }

    /** Column by column, as BLAS has it. */
    private static INDArray signal() {
        return Nd4j.createUninitialized(DataType.FLOAT, new long[] {Experiment.EXAMPLES, Experiment.WIDTH}, 'f');
    }

    private static INDArray fill(IWeightInit initializer, INDArray view, int rows) {
        return initializer.init(Experiment.WIDTH, Experiment.WIDTH, new long[] {rows, Experiment.WIDTH}, 'f', view);
    }

    /** The means of a layer, a draw each; layer 0 is the input. */
    double[] means(int layer) {
        return draws.stream().mapToDouble(draw -> draw.get(layer).mean()).toArray();
    }

    /** The standard deviations of a layer. */
    double[] stds(int layer) {
        return draws.stream()
                .mapToDouble(draw -> draw.get(layer).standardDeviation())
                .toArray();
    }

    /** The second moments of a layer. */
    double[] secondMoments(int layer) {
        return draws.stream()
                .mapToDouble(draw -> draw.get(layer).secondMoment())
                .toArray();
    }
}
