package io.github.dl4jx.init.health;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** With a learning rate of 1 the gradient is the step: of the batch's mean loss, or of its sum where DL4J takes that. */
class NetworkWatchTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientIsThatOfTheStep(boolean miniBatch) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .miniBatch(miniBatch)
                .updater(new Sgd(1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.L2)
                        .nIn(5)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        List<Measurement> seen = new ArrayList<>();
        network.setListeners(SignalMonitor.builder().every(1).to(seen::add).build());
        INDArray before = network.getParam("0_W").dup();
        network.fit(normal(16, 6), normal(16, 2));
        MonitoredLayer layer = seen.get(0).layers().get(1);
        double step =
                Math.sqrt(network.getParam("0_W").sub(before).norm2Number().doubleValue()
                        * network.getParam("0_W").sub(before).norm2Number().doubleValue()
                        / before.length());
        assertThat(step).isGreaterThan(0.01);
        assertThat(layer.step()).hasValueCloseTo(step, within(1e-5 * step));
        assertThat(layer.weightGradient()).hasValueCloseTo(step, within(1e-5 * step));
        assertThat(layer.weights())
                .hasValueCloseTo(
                        before.norm2Number().doubleValue() / Math.sqrt((double) before.length()), within(1e-5));
    }
}
