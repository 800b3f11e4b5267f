package io.github.dl4jx.examples.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.init.He;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class ComparisonNetworkTest {

    static Stream<String> names() {
        return Stream.concat(ActivationChoice.names().stream(), Stream.of("maxout(pieces=3)", "prelu(sharing=neuron)"));
    }

    /** Whatever the activation does to the channels, as many leave it as with ReLU. */
    @ParameterizedTest
    @MethodSource("names")
    void everyActivationLeavesTheSameChannels(String name) {
        MultiLayerNetwork network = network(name);
        List<INDArray> outputs = network.feedForward(Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32));
        long[] channels = Stream.iterate(0, i -> i < network.getnLayers(), i -> i + 1)
                .filter(i -> network.getLayer(i).conf().getLayer() instanceof SubsamplingLayer)
                .mapToLong(i -> outputs.get(i).size(1)) // the input comes first, so this is what enters the pooling
                .toArray();
        assertThat(channels).containsExactly(16, 48, 96);
        assertThat(outputs.get(outputs.size() - 2).shape()).containsExactly(2, 96);
        assertThat(outputs.get(outputs.size() - 1).shape()).containsExactly(2, 10);
    }

    @ParameterizedTest
    @CsvSource({"PReLU(slope=0.1), prelu(slope=0.1)", "parametric-swish, pswish", "SiLU, swish", "crelu, crelu"})
    void canonicalNames(String name, String canonical) {
        ActivationChoice choice = new ActivationChoice(name);
        assertThat(choice.canonical()).isEqualTo(canonical);
        boolean layer = ActivationLayers.contains(canonical);
        Class<? extends Layer> type =
                network(name).getLayer(1).conf().getLayer().getClass();
        assertThat(type == SubsamplingLayer.class).isEqualTo(!layer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swoosh | unknown activation 'swoosh'; valid: abrelu, arelu,",
                "swish(beta | activation 'swish(beta' is not of the form",
                "maxout(pieces=100000000) | pieces is 100000000; valid in this network: 1 to 16",
                "maxout(pieces=0) | pieces is 0.0; valid: a whole number >= 1",
                "prelu(sharing=row) | valid: channel | neuron | shared",
                "rrelu(lower=0.5, upper=0.1) | upper is 0.1; valid: >= lower, 0.5"
            })
    void refused(String name, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ActivationChoice(name))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "standard, 4, conv3x3(16)-pool2-conv3x3(48)-pool2-conv3x3(96)-pool2-dense(96)-softmax(10)",
        "deep, 20, conv3x3(16)-pool2-6 conv3x3(16)-pool2-13 conv3x3(32)-pool2-softmax(10)"
    })
    void describesItself(String name, int hidden, String description) {
        PlainNetwork network = (PlainNetwork) ComparisonNetwork.parse(name);
        assertThat(network.description()).isEqualTo(description);
        ActivationChoice relu = new ActivationChoice("relu");
        assertThat(network.configuration(relu, He.normal(), new Adam(), 1).getConfs().stream()
                        .map(NeuralNetConfiguration::getLayer)
                        .filter(BaseLayer.class::isInstance))
                .hasSize(hidden + 1);
    }

    private static MultiLayerNetwork network(String name) {
        ActivationChoice choice = new ActivationChoice(name);
        MultiLayerNetwork network = new MultiLayerNetwork(
                PlainNetwork.STANDARD.configuration(choice, choice.recommended().initializer(), new Adam(), 1));
        network.init();
        return network;
    }
}
