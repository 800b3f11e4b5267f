package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class OneDnnTest {
    private static final Layer CONVOLUTION =
            new ConvolutionLayer.Builder(3, 3).nOut(4).build();
    private static final Layer DILATED =
            new ConvolutionLayer.Builder(3, 3).nOut(4).dilation(2, 2).build();

    @Test
    void needsAnInitialisedNetwork() {
        MultiLayerNetwork network = uninitialised(DataType.FLOAT, CONVOLUTION);
        assertThatIllegalStateException()
                .isThrownBy(() -> OneDnn.enable(network))
                .withMessageContaining("init()");
        ComputationGraph graph = uninitialisedGraph();
        assertThatIllegalStateException().isThrownBy(() -> OneDnn.enable(graph)).withMessageContaining("init()");
    }

    /** Holds for every backend and binary: the plain one too, although it claims to use oneDNN. */
    @Test
    void enabledExactlyWhereTheBinaryHasOneDnn() {
        MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION);
        OneDnnStatus status = OneDnn.enable(network);
        if (Nd4j.getBackend().buildInfo().contains("HAVE_ONEDNN")) {
            assertThat(status.enabled()).isTrue();
        } else {
            assertThat(status.enabled()).isFalse();
            assertThat(status.reason()).containsAnyOf("built without oneDNN", "the ND4J backend is");
            assertThat(helpers(network)).containsOnlyNulls();
        }
    }

    @Nested
    @NeedsOneDnn
    class WithOneDnn {
        @Test
        void nothingHappensWithoutACall() {
            assertThat(helpers(network(DataType.FLOAT, CONVOLUTION, new BatchNormalization())))
                    .containsOnlyNulls();
        }

        @Test
        void touchesOnlyWhatIsProven() {
            MultiLayerNetwork network = network(
                    DataType.FLOAT,
                    CONVOLUTION,
                    new BatchNormalization(),
                    new FrozenLayer(CONVOLUTION),
                    DILATED,
                    new BatchNormalization.Builder().lockGammaBeta(true).build(),
                    new SubsamplingLayer.Builder(2, 2).build(),
                    new Deconvolution2D.Builder(2, 2).nOut(3).build());
            OneDnnStatus status = OneDnn.enable(network);
            assertThat(status)
                    .isEqualTo(new OneDnnStatus(
                            true,
                            "2 convolution and 1 batch normalisation layers;"
                                    + " on built-in code: layer 3 (dilated), layer 4 (lockGammaBeta)"));
            assertThat(helpers(network))
                    .extracting(helper -> helper == null ? null : helper.getClass())
                    .isEqualTo(Arrays.asList(
                            Convolution.class, BatchNorm.class, Convolution.class, null, null, null, null, null));
        }

        @Test
        void secondCallChangesNothing() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION, new BatchNormalization());
            OneDnnStatus first = OneDnn.enable(network);
            List<LayerHelper> helpers = helpers(network);
            assertThat(OneDnn.enable(network)).isEqualTo(first);
            assertThat(helpers(network)).isEqualTo(helpers);
        }

        @Test
        void cloneStartsWithout() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION);
            OneDnn.enable(network);
            assertThat(helpers(network.clone())).containsOnlyNulls();
        }

        @Test
        void graph() {
            ComputationGraph graph = uninitialisedGraph();
            graph.init();
            assertThat(OneDnn.enable(graph).enabled()).isTrue();
            assertThat(graph.getLayer("convolution").getHelper()).isInstanceOf(Convolution.class);
        }

        @Test
        void doublePrecisionStaysBuiltIn() {
            MultiLayerNetwork network = network(DataType.DOUBLE, CONVOLUTION);
            assertThat(OneDnn.enable(network))
                    .isEqualTo(new OneDnnStatus(
                            false,
                            "0 convolution and 0 batch normalisation layers; on built-in code: layer 0 (DOUBLE)"));
            assertThat(helpers(network)).containsOnlyNulls();
        }

        @Test
        void switchedOffInNd4j() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION);
            Nd4j.getEnvironment().allowHelpers(false);
            try {
                OneDnnStatus status = OneDnn.enable(network);
                assertThat(status.enabled()).isFalse();
                assertThat(status.reason()).contains("switched off");
            } finally {
                Nd4j.getEnvironment().allowHelpers(true);
            }
            assertThat(helpers(network)).containsOnlyNulls();
        }

        @Test
        void logsOneLine() {
            assertThat(logged(network(DataType.FLOAT, CONVOLUTION)))
                    .singleElement()
                    .asString()
                    .contains("INFO", "oneDNN on: 1 convolution and 0 batch");
            assertThat(logged(network(DataType.FLOAT, DILATED)))
                    .singleElement()
                    .asString()
                    .contains("WARN", "oneDNN off: 0 convolution", "dilated");
        }

        private static List<String> logged(MultiLayerNetwork network) {
            PrintStream before = System.err;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            try {
                OneDnn.enable(network);
            } finally {
                System.setErr(before);
            }
            return bytes.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<LayerHelper> helpers(MultiLayerNetwork network) {
        return Arrays.stream(network.getLayers())
                .map(layer -> layer instanceof BaseWrapperLayer wrapper ? wrapper.getUnderlying() : layer)
                .map(org.deeplearning4j.nn.api.Layer::getHelper)
                .toList();
    }

    private static MultiLayerNetwork network(DataType type, Layer... layers) {
        MultiLayerNetwork network = uninitialised(type, layers);
        network.init();
        return network;
    }

    private static MultiLayerNetwork uninitialised(DataType type, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .convolutionMode(ConvolutionMode.Same)
                .list();
        for (Layer layer : layers) {
            list.layer(layer.clone());
        }
        return new MultiLayerNetwork(list.layer(output())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build());
    }

    private static ComputationGraph uninitialisedGraph() {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("convolution", CONVOLUTION.clone(), "in")
                .addLayer("out", output(), "convolution")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(8, 8, 3))
                .build());
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
    }
}
