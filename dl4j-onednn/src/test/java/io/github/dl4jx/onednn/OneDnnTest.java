package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.dl4jx.onednn.OneDnnStatus.Engine;
import io.github.dl4jx.onednn.OneDnnStatus.LayerStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The door. */
class OneDnnTest {
    private static final Layer CONVOLUTION =
            new ConvolutionLayer.Builder(3, 3).nOut(4).build();
    private static final Layer DILATED =
            new ConvolutionLayer.Builder(3, 3).nOut(4).dilation(2, 2).build();
    private static final Layer DECONVOLUTION =
            new Deconvolution2D.Builder(2, 2).nOut(3).build();
    private static final Layer OTHER_GAMMA =
            new BatchNormalization.Builder().lockGammaBeta(true).gamma(2).build();

    @Test
    void needsAnInitialisedNetwork() {
        MultiLayerNetwork network = uninitialised(DataType.FLOAT, CONVOLUTION);
        ComputationGraph graph = uninitialisedGraph();
        for (Runnable call : List.<Runnable>of(
                () -> OneDnn.enable(network),
                () -> OneDnn.require(network),
                () -> OneDnn.enable(graph),
                () -> OneDnn.require(graph))) {
            assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining("init()");
        }
    }

    /** Holds for every backend and binary: the plain one too, although it claims to use oneDNN. */
    @Test
    void enabledExactlyWhereThereIsOneDnn() {
        MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION);
        OneDnnStatus status = OneDnn.enable(network);
        assertThat(status.enabled()).isEqualTo(OneDnn.obstacle() == null || Helpers.obstacle() == null);
        assertThat(status.reason()).isNotEmpty();
        if (!status.enabled()) {
            assertThat(network.getLayer(0)).isExactlyInstanceOf(builtIn());
            assertThat(helpers(network)).containsOnlyNulls();
        }
    }

    @Nested
    @NeedsOneDnn
    class WithOneDnn {
        @Test
        void nothingHappensWithoutACall() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION, new BatchNormalization());
            assertThat(network.getLayer(0)).isExactlyInstanceOf(builtIn());
            assertThat(helpers(network)).containsOnlyNulls();
        }

        @Test
        void tellsOfEachLayer() {
            MultiLayerNetwork network = network(
                    DataType.FLOAT,
                    CONVOLUTION,
                    new BatchNormalization(),
                    new ActivationLayer(Activation.TANH),
                    new FrozenLayer(CONVOLUTION),
                    OTHER_GAMMA,
                    new SubsamplingLayer.Builder(PoolingType.PNORM, new int[] {2, 2})
                            .pnorm(2)
                            .build(),
                    DILATED,
                    new SubsamplingLayer.Builder(new int[] {2, 2}).build(),
                    DECONVOLUTION,
                    new GlobalPoolingLayer(PoolingType.AVG),
                    new DenseLayer.Builder().nOut(3).build());
            OneDnnStatus status = OneDnn.enable(network);
            assertThat(status.layers())
                    .containsExactly(
                            on(0, "ConvolutionLayer"),
                            on(1, "BatchNormalization"),
                            on(2, "ActivationLayer"),
                            on(3, "ConvolutionLayer"),
                            off(4, "BatchNormalization", "lockGammaBeta with others than 1 and 0"),
                            off(5, "SubsamplingLayer", "PNORM pooling"),
                            on(6, "ConvolutionLayer"),
                            on(7, "SubsamplingLayer"),
                            off(8, "Deconvolution2D", "no such layer on oneDNN"),
                            on(9, "GlobalPoolingLayer"),
                            on(10, "DenseLayer"),
                            off(11, "OutputLayer", "output layer"));
            assertThat(status.enabled()).isTrue();
            assertThat(status.reason()).contains("8 of 12 layers", "5 SubsamplingLayer (PNORM pooling)");
        }

        @Test
        void layersStayWhatTheyWere() {
            MultiLayerNetwork plain = network(DataType.FLOAT, CONVOLUTION, new FrozenLayer(CONVOLUTION));
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION, new FrozenLayer(CONVOLUTION));
            OneDnn.enable(network);
            for (int i = 0; i < plain.getnLayers(); i++) {
                assertThat(network.getLayer(i)).isInstanceOf(plain.getLayer(i).getClass());
                assertThat(network.getLayer(i).getIndex()).isEqualTo(i);
                assertThat(network.getLayer(i).paramTable())
                        .isEqualTo(plain.getLayer(i).paramTable());
                assertThat(network.getLayer("layer" + i)).isSameAs(network.getLayer(i));
            }
            assertThat(network.params()).isEqualTo(plain.params());
            assertThat(network.paramTable()).isEqualTo(plain.paramTable());
            assertThat(network.getLayerWiseConfigurations().toJson())
                    .isEqualTo(plain.getLayerWiseConfigurations().toJson());
        }

        @Test
        void secondCallChangesNothing() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION, new BatchNormalization());
            OneDnnStatus first = OneDnn.enable(network);
            var input = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
            var output = network.output(input);
            assertThat(OneDnn.enable(network)).isEqualTo(first);
            assertThat(network.output(input)).isEqualTo(output);
        }

        @Test
        void cloneStartsWithout() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION);
            OneDnn.enable(network);
            assertThat(network.clone().getLayer(0)).isExactlyInstanceOf(builtIn());
        }

        @Test
        void graph() {
            ComputationGraph graph = uninitialisedGraph();
            graph.init();
            OneDnnStatus status = OneDnn.require(graph);
            assertThat(status.layers())
                    .containsExactlyInAnyOrder(
                            on("a", "ConvolutionLayer"),
                            on("b", "ConvolutionLayer"),
                            on("sum", "ElementWiseVertex"),
                            off("out", "OutputLayer", "output layer"));
            assertThat(graph.getLayer("a")).isInstanceOf(builtIn()).isNotExactlyInstanceOf(builtIn());
            assertThat(List.of(graph.getLayers())).contains(graph.getLayer("a"));
        }

        @ParameterizedTest
        @EnumSource(
                value = DataType.class,
                names = {"DOUBLE", "HALF"})
        void otherTypesStayBuiltIn(DataType type) {
            MultiLayerNetwork network = network(type, CONVOLUTION);
            OneDnnStatus status = OneDnn.enable(network);
            assertThat(status.enabled()).isFalse();
            assertThat(status.layers().get(0)).isEqualTo(off(0, "ConvolutionLayer", type + "; oneDNN is for FLOAT"));
            assertThat(network.getLayer(0)).isExactlyInstanceOf(builtIn());
        }

        @Test
        void requireIsForAllOrNothing() {
            assertThat(OneDnn.require(network(DataType.FLOAT, CONVOLUTION)).enabled())
                    .isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> OneDnn.require(network(DataType.FLOAT, CONVOLUTION, DECONVOLUTION)))
                    .withMessageContaining("1 Deconvolution2D: built_in, no such layer on oneDNN");
            assertThatIllegalStateException()
                    .isThrownBy(() -> OneDnn.require(network(DataType.DOUBLE, CONVOLUTION)))
                    .withMessageContaining("DOUBLE");
        }

        @Test
        void requireAllowsEveryLayerWithALoss() {
            NeuralNetConfiguration.ListBuilder flat = new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder().nOut(3).build())
                    .layer(new LossLayer.Builder()
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.feedForward(5));
            NeuralNetConfiguration.ListBuilder images = new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(CONVOLUTION.clone())
                    .layer(new CnnLossLayer.Builder(LossFunction.XENT)
                            .activation(Activation.SIGMOID)
                            .build())
                    .setInputType(InputType.convolutional(8, 8, 3));
            for (NeuralNetConfiguration.ListBuilder list : List.of(flat, images)) {
                MultiLayerNetwork network = new MultiLayerNetwork(list.build());
                network.init();
                assertThat(OneDnn.require(network).enabled()).isTrue();
            }
        }

        @Test
        void logsOneLine() {
            assertThat(logged(network(DataType.FLOAT, CONVOLUTION)))
                    .singleElement()
                    .asString()
                    .contains("INFO", "oneDNN on: 1 of 2 layers");
            assertThat(logged(network(DataType.FLOAT, DECONVOLUTION)))
                    .singleElement()
                    .asString()
                    .contains("WARN", "oneDNN off: 0 of 2 layers", "no such layer");
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

        private static LayerStatus on(Object name, String type) {
            return new LayerStatus(String.valueOf(name), type, Engine.ONEDNN, "");
        }

        private static LayerStatus off(Object name, String type, String reason) {
            return new LayerStatus(String.valueOf(name), type, Engine.BUILT_IN, reason);
        }
    }

    @Nested
    @NeedsHelpers
    class WithHelpers {
        @Test
        void touchOnlyWhatIsProven() {
            MultiLayerNetwork network = network(
                    DataType.FLOAT,
                    CONVOLUTION,
                    new BatchNormalization(),
                    new FrozenLayer(CONVOLUTION),
                    DILATED,
                    new BatchNormalization.Builder().lockGammaBeta(true).build(),
                    new SubsamplingLayer.Builder(new int[] {2, 2}).build(),
                    DECONVOLUTION);
            assertThat(Helpers.install(network.getLayers()))
                    .extracting(LayerStatus::engine, LayerStatus::reason)
                    .startsWith(
                            helped(),
                            helped(),
                            helped(),
                            tuple(Engine.BUILT_IN, "dilated"),
                            tuple(Engine.BUILT_IN, "lockGammaBeta"));
            assertThat(helpers(network))
                    .extracting(helper -> helper == null ? null : helper.getClass())
                    .isEqualTo(Arrays.asList(
                            Convolution.class, BatchNorm.class, Convolution.class, null, null, null, null, null));
        }

        private Tuple helped() {
            return tuple(Engine.ND4J_ONEDNN, "the newer oneDNN cannot be loaded");
        }

        @Test
        void secondCallChangesNothing() {
            MultiLayerNetwork network = network(DataType.FLOAT, CONVOLUTION, new BatchNormalization());
            List<LayerStatus> first = Helpers.install(network.getLayers());
            List<LayerHelper> helpers = helpers(network);
            assertThat(Helpers.install(network.getLayers())).isEqualTo(first);
            assertThat(helpers(network)).isEqualTo(helpers);
        }

        @Test
        void doublePrecisionStaysBuiltIn() {
            MultiLayerNetwork network = network(DataType.DOUBLE, CONVOLUTION);
            assertThat(Helpers.install(network.getLayers()).get(0).reason()).isEqualTo("DOUBLE");
            assertThat(helpers(network)).containsOnlyNulls();
        }

        @Test
        void switchedOffInNd4j() {
            Nd4j.getEnvironment().allowHelpers(false);
            try {
                assertThat(Helpers.obstacle()).contains("switched off");
            } finally {
                Nd4j.getEnvironment().allowHelpers(true);
            }
        }
    }

    private static Class<?> builtIn() {
        return org.deeplearning4j.nn.layers.convolution.ConvolutionLayer.class;
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
                .seed(1)
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
                .addLayer("a", CONVOLUTION.clone(), "in")
                .addLayer("b", CONVOLUTION.clone(), "in")
                .addVertex("sum", new ElementWiseVertex(Op.Add), "a", "b")
                .addLayer("out", output(), "sum")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(8, 8, 3))
                .build());
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
    }
}
