package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.onednn.OneDnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.dataset.DataSet;

/** The network of {@link ConvolutionTraining} in DL4J. */
final class Dl4jTraining implements Training {
    private final MultiLayerNetwork network;

    private Dl4jTraining(IActivation activation, String subject) {
        network = ConvolutionTraining.network(activation, subject);
    }

    /** As DL4J comes. */
    static Dl4jTraining stock(IActivation activation, String subject) {
        return new Dl4jTraining(activation, subject);
    }

    /** With the pack's activation and oneDNN. */
    static Dl4jTraining ofPack(String subject, TrainingListener... listeners) {
        Dl4jTraining training = new Dl4jTraining(Activations.get(subject), subject);
        if (!OneDnn.enable(training.network).enabled()) {
            throw new IllegalStateException("oneDNN cannot be enabled here; see the warning above");
        }
        training.network.setListeners(listeners);
        return training;
    }

    @Override
    public double step(DataSet batch) {
        network.fit(batch);
        return network.score();
    }

    @Override
    public void close() {
        network.close();
    }
}
