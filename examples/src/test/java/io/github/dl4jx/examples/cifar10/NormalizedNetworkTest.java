package io.github.dl4jx.examples.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jx.init.He;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class NormalizedNetworkTest {

    /** The parameters by hand, moving mean and variance of each channel counted; convolutions with projections. */
    @ParameterizedTest
    @CsvSource({
        "resnet-20, 21, 274042", // 272,474 that learn, and 2·784
        "vgg, 6, 1189066",
        "wrn-16-2, 16, 693498",
        "fast, 7, 1975082"
    })
    void hasTheLayersOfThePaper(String name, int convolutions, long parameters) {
        Classifier network = network(name, "relu");

        assertThat(Stream.of(network.graph().getLayers())
                        .filter(layer -> layer.conf().getLayer() instanceof ConvolutionLayer))
                .hasSize(convolutions);
        assertThat(network.graph().numParams()).isEqualTo(parameters);
        assertThat(network.probabilities(Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32))
                        .shape())
                .containsExactly(2, 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prelu", "swish(beta=1.5)"})
    void takesFunctionsAndLayers(String activation) {
        assertThat(network("resnet-20", activation)
                        .probabilities(Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32))
                        .shape())
                .containsExactly(2, 10);
    }

    @ParameterizedTest
    @CsvSource({"crelu", "maxout"})
    void refusesWhatChangesTheChannels(String activation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ComparisonNetwork.parse("wrn-16-2").require(new ActivationChoice(activation)))
                .withMessageContaining(activation)
                .withMessageContaining("wrn-16-2");
    }

    private static Classifier network(String name, String activation) {
        return ComparisonNetwork.parse(name).build(new ActivationChoice(activation), He.normal(), new Adam(), 1);
    }
}
