package io.github.dl4jx.examples.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jx.activations.Activations;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What docs/own-activation.md says: an own activation works in a network, by name, and DL4J's documented way does not. */
class ScaledTanhTest {
    private static final INDArray X =
            Nd4j.linspace(DataType.FLOAT, -3, 6.0 / 39, 40).reshape(10, 4);
    private static final INDArray LABELS = Nd4j.ones(DataType.FLOAT, 10, 2);

    @Test
    void trainsIsSavedAndLoaded(@TempDir Path folder) throws Exception {
        MultiLayerNetwork network = network(Activations.get("scaled-tanh"));
        double before = network.score(new DataSet(X, LABELS));
        for (int i = 0; i < 20; i++) {
            network.fit(X, LABELS);
        }
        assertThat(network.score(new DataSet(X, LABELS))).isLessThan(before);
        network.save(folder.resolve("own.zip").toFile());
        assertThat(MultiLayerNetwork.load(folder.resolve("own.zip").toFile(), true)
                        .output(X))
                .isEqualTo(network.output(X));
    }

    /** A new array as the result, as in DL4J's documentation: their issue 10463. */
    @Test
    void returningANewArrayFails() {
        MultiLayerNetwork network = network(new NewArray());
        assertThatThrownBy(() -> network.fit(X, LABELS)).hasStackTraceContaining("workspace");
        assertThatThrownBy(() -> network.toComputationGraph().output(X)).hasStackTraceContaining("workspace");
    }

    private static MultiLayerNetwork network(IActivation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(activation)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(8).build())
                .layer(new ActivationLayer.Builder().activation(activation).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nIn(8)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static final class NewArray extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in.gt(0).castTo(in.dataType());
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return new Pair<>(epsilon.mul(0), null);
        }
    }
}
