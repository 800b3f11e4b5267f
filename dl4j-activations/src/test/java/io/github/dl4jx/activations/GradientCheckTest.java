package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Backpropagation through whole networks against central differences of the loss, in double: along random directions
 * in the parameters of each layer by itself, so that an error in one layer cannot hide behind another's larger
 * gradient.
 */
class GradientCheckTest {
    private static final int DEPTH = 20;
    private static final int WIDTH = 8;

    /** All whose gradient is the derivative, and not zero everywhere. */
    static Stream<String> all() {
        return References.BY_SPECIFICATION.keySet().stream()
                .filter(name -> !name.startsWith("step"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("all")
    void twentyLayers(String name) {
        DataSet batch = new DataSet(normal(1, 6, WIDTH), normal(2, 6, 3));
        // the first scale at which a gradient gets through to the first layer, neither lost in rounding nor exploded
        MultiLayerNetwork network = Stream.of(0.6, 1.2, 2.0, 4.0, 8.0)
                .map(gain -> deep(Activations.get(name), gain))
                .filter(candidate -> {
                    double first =
                            gradient(candidate, batch).get(0).norm2Number().doubleValue();
                    return first > 1e-4 && first < 1e4;
                })
                .findFirst()
                .orElseThrow();
        check(name, network, batch);
    }

    @ParameterizedTest
    @MethodSource("all")
    void lstmGatesAndCell(String name) {
        IActivation activation = Activations.get(name);
        DataSet batch = new DataSet(normal(3, 3, 4, 6), normal(4, 3, 2, 6));
        for (boolean asGate : new boolean[] {true, false}) {
            LSTM.Builder lstm = new LSTM.Builder().nOut(5);
            lstm.activation(asGate ? new Tanh() : activation);
            lstm.gateActivationFunction(asGate ? activation : new Sigmoid());
            MultiLayerNetwork network = initialised(new NeuralNetConfiguration.Builder()
                    .seed(1)
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .weightInit(new NormalDistribution(0, 0.6))
                    .list()
                    .layer(lstm.build())
                    .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                            .activation(new Identity())
                            .nOut(2)
                            .build())
                    .setInputType(InputType.recurrent(4, 6)));
            check(name + (asGate ? " as gate" : " as cell activation"), network, batch);
        }
    }

    private static MultiLayerNetwork deep(IActivation activation, double gain) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .activation(activation)
                .weightInit(new NormalDistribution(0, gain / Math.sqrt(WIDTH)))
                .list();
        for (int i = 0; i < DEPTH; i++) {
            layers.layer(new DenseLayer.Builder().nOut(WIDTH).build());
        }
        return initialised(layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nOut(3)
                        .build())
                .setInputType(InputType.feedForward(WIDTH)));
    }

    private static MultiLayerNetwork initialised(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /** The gradient of the loss, a view for each layer. */
    private static List<INDArray> gradient(MultiLayerNetwork network, DataSet batch) {
        network.setInput(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        return Stream.of(network.getLayers())
                .map(Layer::getGradientsViewArray)
                .map(view -> view.dup().reshape(-1))
                .toList();
    }

    private static void check(String name, MultiLayerNetwork network, DataSet batch) {
        List<INDArray> gradients = gradient(network, batch);
        double examples = batch.numExamples(); // DL4J's gradients are sums over them, its score is their mean
        for (int i = 0; i < gradients.size(); i++) {
            INDArray parameters = network.getLayer(i).params().reshape(-1);
            INDArray direction = normal(100 + i, (int) parameters.length());
            direction.divi(direction.norm2Number());
            double expected = gradients.get(i).mul(direction).sumNumber().doubleValue() / examples;
            double h = 1e-6;
            INDArray before = parameters.dup();
            parameters.addi(direction.mul(h));
            double above = network.score(batch);
            parameters.assign(before).subi(direction.mul(h));
            double below = network.score(batch);
            parameters.assign(before);
            double actual = (above - below) / (2 * h);
            double scale = Math.max(gradients.get(i).norm2Number().doubleValue() / examples, 1e-6);
            assertThat(Math.abs(actual - expected) / scale)
                    .as("%s, layer %s: difference %s, backpropagation %s", name, i, actual, expected)
                    .isLessThan(1e-4);
        }
    }

    private static INDArray normal(long seed, int... shape) {
        int length = 1;
        for (int size : shape) {
            length *= size;
        }
        Random random = new Random(seed);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape(shape);
    }
}
