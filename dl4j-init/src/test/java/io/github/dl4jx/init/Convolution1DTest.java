package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Initialisers that care which weights make a unit, in a layer that keeps them elsewhere than their shape says. The filters are
 * read off what the layer makes of each unit vector.
 */
class Convolution1DTest {
    private static final int CHANNELS = 3;
    private static final int KERNEL = 4;

    static Stream<Arguments> ways() {
        return Stream.of(RNNFormat.values()).flatMap(format -> Stream.of(1, 2)
                .flatMap(stride -> Stream.of(true, false).map(apply -> Arguments.of(format, stride, apply))));
    }

    /** [CHANNELS · KERNEL, units]. */
    private static INDArray filters(IWeightInit initializer, int units, RNNFormat format, int stride, boolean apply) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .weightInit(initializer)
                .list()
                .layer(new Convolution1DLayer.Builder(KERNEL, stride)
                        .nOut(units)
                        .rnnDataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(CHANNELS, KERNEL, format))
                .build());
        network.init();
        if (apply) {
            network.params().assign(0);
            Initializers.apply(network, initializer);
        }
        INDArray inputs = Nd4j.eye(CHANNELS * KERNEL).reshape('c', CHANNELS * KERNEL, CHANNELS, KERNEL);
        boolean last = format == RNNFormat.NWC;
        INDArray output = network.output(last ? inputs.permute(0, 2, 1).dup('c') : inputs);
        return output.dup('c').reshape('c', CHANNELS * KERNEL, units);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void orthogonal(RNNFormat format, int stride, boolean apply) {
        INDArray filters = filters(new Orthogonal(), 5, format, stride, apply);
        assertThat(filters.transpose().mmul(filters).equalsWithEps(Nd4j.eye(5), 1e-5))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void dirac(RNNFormat format, int stride, boolean apply) {
        INDArray filters = filters(new Dirac(), CHANNELS, format, stride, apply);
        for (int channel = 0; channel < CHANNELS; channel++) {
            double[] expected = new double[CHANNELS * KERNEL];
            expected[channel * KERNEL + (KERNEL - 1) / 2] = 1;
            assertThat(filters.getColumn(channel).dup().toDoubleVector()).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nguyenWidrow(RNNFormat format, int stride, boolean apply) {
        for (IWeightInit initializer : List.of(new NguyenWidrow(), Initializers.get("nguyen-widrow-matlab"))) {
            double factor = initializer instanceof NguyenWidrow ? 1 : 2; // for tansig, active from -2 to 2
            double norm = factor * 0.7 * Math.pow(5, 1.0 / (CHANNELS * KERNEL));
            double[] norms =
                    filters(initializer, 5, format, stride, apply).norm2(0).toDoubleVector();
            assertThat(Arrays.stream(norms).boxed())
                    .allSatisfy(each -> assertThat(each).as("%s", initializer).isCloseTo(norm, within(1e-5)));
        }
    }
}
