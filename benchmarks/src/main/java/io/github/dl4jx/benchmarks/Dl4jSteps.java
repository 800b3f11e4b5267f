package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.cifar10.Classifier;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.DataSet;

/** A network in DL4J. */
final class Dl4jSteps implements Steps {
    private final Classifier network;
    private final boolean trains;

    private Dl4jSteps(Classifier network, boolean trains) {
        this.network = network;
        this.trains = trains;
    }

    static Dl4jSteps training(Classifier network, TrainingListener... listeners) {
        network.model().setListeners(listeners);
        return new Dl4jSteps(network, true);
    }

    static Dl4jSteps inference(Classifier network) {
        return new Dl4jSteps(network, false);
    }

    @Override
    public double step(DataSet batch) {
        if (trains) {
            network.fit(batch);
            return network.model().score();
        }
        network.probabilities(batch.getFeatures());
        return Double.NaN;
    }

    @Override
    public void close() {
        network.model().close();
    }
}
