package io.github.dl4jx.init;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.init.SelfNormalizing.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.BaseInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class SelfNormalizingTest {
    private static final double P = 0.05;
    private static final InputType FLAT = InputType.feedForward(5);
    private static final InputType IMAGE = InputType.convolutional(8, 8, 3);
    private static final InputType NHWC = InputType.convolutional(8, 8, 3, CNN2DFormat.NHWC);
    private static final InputType SEQUENCE = InputType.recurrent(3, 6);
    private static final InputType VOLUME = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2);
    private static final String POOLING =
            "a maximum raises the mean, an average lowers the variance; a convolution's stride does neither";

    @Test
    void hiddenLayersGetSeluAndOutputsKeepTheirActivation() {
        MultiLayerConfiguration result = silently(FLAT, dense(), dense(), output());
        assertThat(activations(result)).containsExactly("selu", "selu", "softmax");
        assertThat(base(result, 0).getActivationFn()).isInstanceOf(SELU.class);
        for (int i = 0; i < 3; i++) {
            assertThat(base(result, i).getWeightInitFn()).isEqualTo(LeCun.normal());
        }
    }

    @Test
    void dropoutStandsOnLayersThatFollowASeluEachWithItsOwn() {
        MultiLayerConfiguration result = silently(FLAT, dense(), dense(), output());
        assertThat(dropped(result)).containsExactly(1, 2);
        assertThat(layer(result, 1).getIDropout())
                .isEqualTo(AlphaDropout.dropping(P))
                .isNotSameAs(layer(result, 2).getIDropout());
        MultiLayerConfiguration given = build(settings(), FLAT, dense(), dense(), output());
        assertThat(dropped(SelfNormalizing.withoutDropout().apply(given).configuration()))
                .isEmpty();
        assertThat(dropped(SelfNormalizing.dropping(0).apply(given).configuration()))
                .isEmpty();
    }

    @Test
    void dropoutOfTheGlobalBuilderIsTakenOffAndReported() {
        MultiLayerConfiguration given = build(settings().dropOut(0.8), IMAGE, dense(), dense(), output());
        Report<MultiLayerConfiguration> report = SelfNormalizing.dropping(P).apply(given);
        assertThat(dropped(report.configuration())).containsExactly(1, 2);
        assertThat(report.warnings())
                .containsExactly(
                        "layer 0 (DenseLayer): its Dropout removed",
                        "layer 1 (DenseLayer): its Dropout replaced by AlphaDropout(dropProbability=0.05)",
                        "layer 2 (OutputLayer): its Dropout replaced by AlphaDropout(dropProbability=0.05)");
        Report<MultiLayerConfiguration> without =
                SelfNormalizing.withoutDropout().apply(given);
        assertThat(dropped(without.configuration())).isEmpty();
        assertThat(without.warnings()).contains("layer 2 (OutputLayer): its Dropout removed");
    }

    @Test
    void convolutionsAndTheReshapingBehindThem() {
        MultiLayerConfiguration result =
                silently(IMAGE, conv(), conv(), new Upsampling2D.Builder(2).build(), conv(), dense(), output());
        assertThat(result.getInputPreProcessors()).containsKey(4);
        assertThat(activations(result)).containsExactly("selu", "selu", "-", "selu", "selu", "softmax");
        assertThat(dropped(result)).containsExactly(1, 3, 4, 5);
    }

    @ParameterizedTest
    @EnumSource(PoolingType.class)
    void behindAPoolingNothingIsDropped(PoolingType type) {
        Report<MultiLayerConfiguration> report = apply(IMAGE, conv(), pool(type), conv(), output());
        assertThat(dropped(report.configuration())).containsExactly(3);
        assertThat(report.warnings()).containsExactly("layer 1 (SubsamplingLayer): " + POOLING);
        assertThat(apply(IMAGE, conv(), new GlobalPoolingLayer(type), output()).warnings())
                .containsExactly("layer 1 (GlobalPoolingLayer): " + POOLING);
    }

    @Test
    void anActivationLayerActsForTheLinearLayerBeforeIt() {
        MultiLayerConfiguration result = silently(
                IMAGE,
                linear(conv()),
                new ActivationLayer(Activation.RELU),
                linear(dense()),
                new ActivationLayer(Activation.TANH),
                output());
        assertThat(activations(result)).containsExactly("identity", "selu", "identity", "selu", "softmax");
        assertThat(base(result, 0).getWeightInitFn()).isEqualTo(LeCun.normal());
        assertThat(dropped(result))
                .as("DL4J ignores dropout on an ActivationLayer")
                .containsExactly(2, 4);
    }

    @Test
    void anActivationLayerActsBehindWhatStandsBetween() {
        Report<MultiLayerConfiguration> report = apply(
                IMAGE,
                linear(conv()),
                new BatchNormalization(),
                new ActivationLayer(Activation.RELU),
                linear(conv()),
                pool(PoolingType.MAX),
                new ActivationLayer(Activation.RELU),
                output());
        assertThat(activations(report.configuration()))
                .containsExactly("identity", "relu", "selu", "identity", "-", "selu", "softmax");
        assertThat(report.warnings())
                .containsExactly(
                        "layer 1 (BatchNormalization): puts a learned mean and variance in place of those that SELU"
                                + " converges to",
                        "layer 4 (SubsamplingLayer): " + POOLING);
    }

    @Test
    void anActivationLayerThatActsAgainIsLeft() {
        Report<MultiLayerConfiguration> report =
                apply(FLAT, dense(), new ActivationLayer(Activation.TANH), dense(), output());
        assertThat(activations(report.configuration())).containsExactly("selu", "tanh", "selu", "softmax");
        assertThat(dropped(report.configuration())).containsExactly(3);
        assertThat(report.warnings())
                .containsExactly("layer 1 (ActivationLayer): its activation tanh is not SELU; left as it is");
    }

    @Test
    void aLinearLayerStaysLinearAndWhatFollowsSaysSo() {
        BaseLayer ours = dense();
        ours.setActivationFn(new Identity());
        Report<MultiLayerConfiguration> report = apply(FLAT, dense(), ours, dense(), output());
        assertThat(activations(report.configuration())).containsExactly("selu", "identity", "selu", "softmax");
        assertThat(dropped(report.configuration())).containsExactly(1, 3);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .startsWith("layer 2 (DenseLayer): no SELU stands between");
    }

    /** A head that ends in a layer without weights: what feeds it is the output, or a softmax would see SELU's range. */
    @Test
    void whatNoWeightsFollowIsAnOutput() {
        assertThat(activations(silently(
                        FLAT,
                        dense(),
                        linear(dense()),
                        new ActivationLayer(Activation.SOFTMAX),
                        loss(Activation.IDENTITY))))
                .containsExactly("selu", "identity", "softmax", "identity");
        assertThat(activations(silently(
                        IMAGE, conv(), conv(), new GlobalPoolingLayer(PoolingType.AVG), loss(Activation.SOFTMAX))))
                .containsExactly("selu", "relu", "-", "softmax");
        assertThat(activations(silently(
                        IMAGE,
                        conv(),
                        conv(),
                        new CnnLossLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .build())))
                .containsExactly("selu", "relu", "softmax");
    }

    @Test
    void dropoutLayersBehindASeluTakeTheDropout() {
        Layer[] layers = {dense(), new DropoutLayer(0.8), dense(), output()};
        Report<MultiLayerConfiguration> report = apply(FLAT, layers);
        assertThat(dropped(report.configuration())).as("once only").containsExactly(1, 3);
        assertThat(report.warnings())
                .containsExactly("layer 1 (DropoutLayer): its Dropout replaced by AlphaDropout(dropProbability=0.05)");
        Report<MultiLayerConfiguration> without =
                SelfNormalizing.withoutDropout().apply(build(settings(), FLAT, layers));
        assertThat(dropped(without.configuration())).isEmpty();
        assertThat(without.warnings()).containsExactly("layer 1 (DropoutLayer): its Dropout removed");
    }

    @Test
    void otherDropoutLayersAreLeft() {
        Report<MultiLayerConfiguration> report =
                apply(IMAGE, conv(), pool(PoolingType.MAX), new DropoutLayer(0.8), dense(), output());
        assertThat(layer(report.configuration(), 2).getIDropout()).isEqualTo(new Dropout(0.8));
        assertThat(dropped(report.configuration())).containsExactly(4);
        assertThat(report.warnings())
                .containsExactly(
                        "layer 1 (SubsamplingLayer): " + POOLING,
                        "layer 2 (DropoutLayer): its Dropout drops something other than a SELU's output; left as it is");
    }

    @Test
    void frozenLayersAreLeft() {
        BaseLayer relu = dense();
        relu.setIDropout(new Dropout(0.8));
        BaseLayer selu = dense();
        selu.setActivationFn(Activation.SELU.getActivationFunction());
        MultiLayerConfiguration given = build(
                settings(),
                FLAT,
                new FrozenLayer(relu),
                new FrozenLayerWithBackprop(selu),
                new FrozenLayer(new DropoutLayer(0.8)), // runs as in inference
                dense(),
                output());
        Report<MultiLayerConfiguration> report = SelfNormalizing.dropping(P).apply(given);
        MultiLayerConfiguration result = report.configuration();
        assertThat(((FrozenLayer) layer(result, 0)).getLayer()).isEqualTo(((FrozenLayer) layer(given, 0)).getLayer());
        assertThat(layer(result, 1)).isEqualTo(layer(given, 1));
        assertThat(((FrozenLayer) layer(result, 2)).getLayer()).isEqualTo(((FrozenLayer) layer(given, 2)).getLayer());
        assertThat(dropped(result)).containsExactly(3, 4);
        assertThat(report.warnings())
                .containsExactly("layer 0 (frozen DenseLayer): its activation relu is not SELU; left as it is");
    }

    @Test
    void preprocessorsThatReshapeAreKnownOthersNot() {
        MultiLayerConfiguration given = build(settings(), FLAT, dense(), dense(), dense(), output());
        given.getInputPreProcessors()
                .put(
                        1,
                        new ComposableInputPreProcessor(
                                new FeedForwardToCnnPreProcessor(5, 1, 1), new CnnToFeedForwardPreProcessor(5, 1, 1)));
        given.getInputPreProcessors().put(2, new Own());
        given.getInputPreProcessors().put(3, new ComposableInputPreProcessor(new Own()));
        Report<MultiLayerConfiguration> report = SelfNormalizing.dropping(P).apply(given);
        assertThat(dropped(report.configuration())).containsExactly(1);
        assertThat(report.warnings())
                .containsExactly(
                        "layer 2 (DenseLayer): its Own may change mean and variance",
                        "layer 3 (OutputLayer): its ComposableInputPreProcessor may change mean and variance");
    }

    static Stream<Arguments> breaking() {
        return Stream.concat(
                ActivationLayers.names().stream()
                        .map(name -> Arguments.of(IMAGE, ActivationLayers.get(name), "an activation other than SELU")),
                breakingOfDl4j());
    }

    private static Stream<Arguments> breakingOfDl4j() {
        return Stream.of(
                Arguments.of(IMAGE, new LocalResponseNormalization(), "divides by its neighbours"),
                Arguments.of(IMAGE, new ZeroPaddingLayer(1, 1), "zeros lower the variance"),
                Arguments.of(IMAGE, new PReLULayer.Builder().build(), "an activation other than SELU"),
                Arguments.of(
                        FLAT,
                        new ElementWiseMultiplicationLayer.Builder()
                                .nIn(5)
                                .nOut(5)
                                .build(),
                        "nothing is known of this kind"),
                Arguments.of(FLAT, new AutoEncoder.Builder().nOut(5).build(), "learns by itself"),
                Arguments.of(
                        FLAT, new DenseLayer.Builder().nOut(5).biasInit(0.1).build(), "its biases start at 0.1"),
                Arguments.of(
                        FLAT,
                        new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(),
                        "its layer normalisation"),
                Arguments.of(
                        FLAT,
                        new DenseLayer.Builder()
                                .nOut(5)
                                .weightNoise(new DropConnect(0.5))
                                .build(),
                        "its DropConnect changes the variance"));
    }

    @ParameterizedTest
    @MethodSource("breaking")
    void whatBreaksThePropertyIsNamed(InputType input, Layer breaking, String warning) {
        Layer before = input == IMAGE ? conv() : dense();
        assertThat(apply(input, before, breaking, dense(), output()).warnings())
                .singleElement()
                .asString()
                .startsWith("layer 1 (" + breaking.getClass().getSimpleName() + "): ")
                .contains(warning);
    }

    @Test
    void recurrentAndEmbeddingLayersAreLeft() {
        LSTM lstm = new LSTM.Builder().nOut(4).activation(Activation.TANH).build();
        Report<MultiLayerConfiguration> report = apply(
                InputType.recurrent(3, 5),
                new Convolution1DLayer.Builder(2).nOut(4).build(),
                lstm,
                dense(),
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build());
        assertThat(activations(report.configuration())).containsExactly("selu", "tanh", "selu", "softmax");
        assertThat(base(report.configuration(), 1).getWeightInitFn()).isNotInstanceOf(LeCun.class);
        assertThat(dropped(report.configuration())).containsExactly(3);
        assertThat(report.warnings())
                .containsExactly(
                        "layer 1 (LSTM): its gates and its state do not keep mean 0 and variance 1; left as it is");
        assertThat(apply(FLAT, new EmbeddingLayer.Builder().nIn(7).nOut(5).build(), dense(), output())
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("layer 0 (EmbeddingLayer): its rows");
    }

    /** An identity as ActivationLayer is none, and a PReLU no weights that the layer before it could be hidden by. */
    @Test
    void whatOnlyLooksLikeAnActivationOrLikeWeights() {
        MultiLayerConfiguration result =
                silently(FLAT, dense(), new ActivationLayer(Activation.IDENTITY), dense(), output());
        assertThat(dropped(result)).containsExactly(2, 3);
        assertThat(activations(apply(IMAGE, conv(), conv(), new PReLULayer.Builder().build(), loss(Activation.SOFTMAX))
                        .configuration()))
                .startsWith("selu", "relu");
        assertThat(activations(apply(IMAGE, conv(), conv(), ActivationLayers.get("prelu"), loss(Activation.SOFTMAX))
                        .configuration()))
                .startsWith("selu", "relu");
    }

    // --- graphs

    @Test
    void aMergeOfSelusIsDroppedASumIsNot() {
        GraphBuilder builder = graph().addLayer("a", dense(), "in")
                .addLayer("b", dense(), "in")
                .addVertex("merged", new MergeVertex(), "a", "b")
                .addLayer("onMerged", dense(), "merged")
                .addLayer("beside", dense(), "merged")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "onMerged", "beside")
                .addLayer("onSum", dense(), "sum")
                .addVertex("half", new MergeVertex(), "in", "a")
                .addLayer("onHalf", dense(), "half")
                .addVertex("all", new MergeVertex(), "onSum", "onHalf")
                .addLayer("out", output(), "all");
        Report<ComputationGraphConfiguration> report =
                SelfNormalizing.dropping(P).apply(builder.build());
        assertThat(dropped(report.configuration())).containsExactlyInAnyOrder("onMerged", "beside", "out");
        assertThat(layer(report.configuration(), "onMerged").getIDropout())
                .isNotSameAs(layer(report.configuration(), "beside").getIDropout());
        assertThat(base(report.configuration(), "onSum").getActivationFn()).isInstanceOf(SELU.class);
        assertThat(base(report.configuration(), "out").getActivationFn()).hasToString("softmax");
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .startsWith("'sum' (ElementWiseVertex): element-wise add");
    }

    @Test
    void layersNeedNotStandInTheirOrder() {
        GraphBuilder builder = graph().addLayer("out", output(), "b")
                .addLayer("b", dense(), "a")
                .addLayer("a", dense(), "in");
        Report<ComputationGraphConfiguration> report =
                SelfNormalizing.dropping(P).apply(builder.build());
        assertThat(dropped(report.configuration())).containsExactlyInAnyOrder("b", "out");
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void theActivationOfAResidualBlockStaysBehindTheSum() {
        GraphBuilder builder = graph().addLayer("a", dense(), "in")
                .addLayer("b", linear(dense()), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addVertex("scaled", new ScaleVertex(Math.sqrt(0.5)), "sum")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "scaled")
                .addLayer("out", output(), "relu");
        Report<ComputationGraphConfiguration> report =
                SelfNormalizing.dropping(P).apply(builder.build());
        assertThat(((ActivationLayer) layer(report.configuration(), "relu")).getActivationFn())
                .isInstanceOf(SELU.class);
        assertThat(base(report.configuration(), "b").getActivationFn()).hasToString("identity");
        assertThat(dropped(report.configuration())).containsExactlyInAnyOrder("b", "out");
        assertThat(report.warnings())
                .satisfiesExactly(
                        sum -> assertThat(sum).startsWith("'sum' (ElementWiseVertex)"),
                        scaled -> assertThat(scaled).isEqualTo("'scaled' (ScaleVertex): changes the variance"));
    }

    @Test
    void whatAGraphNamesAsOutputKeepsItsActivation() {
        GraphBuilder builder = graph().addLayer("a", dense(), "in")
                .addLayer("b", dense(), "a")
                .addLayer("out", output(), "b")
                .setOutputs("out", "a");
        Report<ComputationGraphConfiguration> report =
                SelfNormalizing.dropping(P).apply(builder.build());
        assertThat(base(report.configuration(), "a").getActivationFn()).hasToString("relu");
        assertThat(base(report.configuration(), "a").getWeightInitFn()).isInstanceOf(LeCun.class);
        assertThat(dropped(report.configuration())).containsExactly("out");
    }

    @Test
    void frozenVerticesAreLeft() {
        GraphBuilder builder = graph().addLayer("a", dense(), "in").addLayer("out", output(), "a");
        ComputationGraphConfiguration given = builder.build();
        given.getVertices().computeIfPresent("a", (name, vertex) -> new FrozenVertex(vertex));
        Report<ComputationGraphConfiguration> report =
                SelfNormalizing.dropping(P).apply(given);
        assertThat(report.configuration().getVertices())
                .containsEntry("a", given.getVertices().get("a"));
        assertThat(dropped(report.configuration())).isEmpty();
        assertThat(report.warnings())
                .containsExactly("'a' (frozen DenseLayer): its activation relu is not SELU; left as it is");
    }

    // --- the configuration as a whole

    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of(FLAT, build(settings(), FLAT, dense(), dense(), output())),
                Arguments.of(
                        FLAT, build(settings().dropOut(0.8), FLAT, dense(), new DropoutLayer(0.5), dense(), output())),
                Arguments.of(
                        IMAGE,
                        build(
                                settings().dropOut(0.8),
                                IMAGE,
                                linear(conv()),
                                new ActivationLayer(Activation.RELU),
                                new DepthwiseConvolution2D.Builder(2, 2)
                                        .depthMultiplier(2)
                                        .build(),
                                new SeparableConvolution2D.Builder(2, 2).nOut(4).build(),
                                new Deconvolution2D.Builder(2, 2).nOut(4).build(),
                                new BatchNormalization(),
                                pool(PoolingType.MAX),
                                new FrozenLayer(dense()),
                                output())));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theGivenConfigurationIsNotModifiedAndTheResultIsFinal(InputType input, MultiLayerConfiguration given) {
        String before = given.toJson();
        MultiLayerConfiguration result =
                SelfNormalizing.dropping(P).apply(given).configuration();
        assertThat(given.toJson()).isEqualTo(before).isNotEqualTo(result.toJson());
        assertThat(MultiLayerConfiguration.fromJson(result.toJson())).isEqualTo(result);

        Report<MultiLayerConfiguration> again = SelfNormalizing.dropping(P).apply(result);
        assertThat(again.configuration()).isEqualTo(result);
        assertThat(again.configuration().toJson()).isEqualTo(result.toJson());
        assertThat(again.warnings()).noneMatch(warning -> warning.contains("removed") || warning.contains("replaced"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theResultTrains(InputType input, MultiLayerConfiguration given) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(SelfNormalizing.dropping(P).apply(given).configuration());
        network.init();
        DataSet data = new DataSet(example(input, 32), oneHot(32));
        double before = network.score(data);
        for (int i = 0; i < 50; i++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isLessThan(0.95 * before);
    }

    @Test
    void graphsRoundTripAndTrainToo() {
        ComputationGraphConfiguration given = graph().addLayer("a", dense(), "in")
                .addLayer("b", dense(), "a")
                .addVertex("merged", new MergeVertex(), "a", "b")
                .addLayer("out", output(), "merged")
                .build();
        String before = given.toJson();
        ComputationGraphConfiguration result =
                SelfNormalizing.dropping(P).apply(given).configuration();
        assertThat(given.toJson()).isEqualTo(before).isNotEqualTo(result.toJson());
        assertThat(ComputationGraphConfiguration.fromJson(result.toJson())).isEqualTo(result);
        assertThat(SelfNormalizing.dropping(P).apply(result).configuration().toJson())
                .isEqualTo(result.toJson());
        ComputationGraph network = new ComputationGraph(result);
        network.init();
        DataSet data = new DataSet(Nd4j.randn(32, 5), oneHot(32));
        double first = network.score(data);
        for (int i = 0; i < 50; i++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isLessThan(0.95 * first);
    }

    @Test
    void everyWarningIsLoggedOnce() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            apply(IMAGE, conv(), pool(PoolingType.MAX), output());
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains(POOLING))
                .singleElement()
                .asString()
                .startsWith("[main] WARN io.github.dl4jx.init.SelfNormalizing - layer 1 (SubsamplingLayer)");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void dropProbabilitiesOutsideTheRangeAreRefused(double p) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfNormalizing.dropping(p))
                .withMessage("drop probability is " + p + "; valid: [0.0, 1.0)");
    }

    // --- what DL4J does with it

    /** Layers by name, with the input and the first layer that they stand behind, and the last one that they need. */
    static Stream<Arguments> takingDropout() {
        return Stream.of(
                Arguments.of("dense", FLAT, dense(), dense(), output()),
                Arguments.of("output", FLAT, dense(), output(), null),
                Arguments.of(
                        "center loss",
                        FLAT,
                        dense(),
                        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nOut(2)
                                .build(),
                        null),
                Arguments.of("convolution", IMAGE, conv(), conv(), output()),
                Arguments.of("convolution NHWC", NHWC, conv(), conv(), output()),
                Arguments.of("depthwise", IMAGE, conv(), depthwise(), output()),
                Arguments.of("depthwise NHWC", NHWC, conv(), depthwise(), output()),
                Arguments.of("separable", IMAGE, conv(), separable(), output()),
                Arguments.of("transposed", IMAGE, conv(), deconvolution(), output()),
                Arguments.of("1D", SEQUENCE, conv1D(), conv1D(), sequenceOutput()),
                Arguments.of("sequence output", SEQUENCE, conv1D(), sequenceOutput(), null),
                Arguments.of("3D", VOLUME, conv3D(), conv3D(), output()),
                Arguments.of("transposed 3D", VOLUME, conv3D(), deconvolution3D(), output()));
    }

    /** DL4J M2.1 loses dropout on one of the two ways in some layers; AlphaDropout stands on all the others. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("takingDropout")
    void dropoutIsSetWhereDl4jAppliesItBothWays(
            String name, InputType input, Layer first, Layer layer, @Nullable Layer last) {
        Layer[] layers = last == null ? new Layer[] {first, layer} : new Layer[] {first, layer, last};
        Report<MultiLayerConfiguration> report = apply(input, layers);
        boolean set = layer(report.configuration(), 1).getIDropout() != null;

        Probe probe = new Probe();
        MultiLayerConfiguration probed = report.configuration().clone();
        layer(probed, 1).setIDropout(probe);
        MultiLayerNetwork network = new MultiLayerNetwork(probed);
        network.init();
        INDArray features = example(input, 4);
        INDArray output = network.output(features);
        network.fit(features, Nd4j.zeros(output.shape()));
        assertThat(set).isEqualTo(probe.bothWays());
        if (set) {
            assertThat(report.warnings()).isEmpty();
        } else {
            assertThat(report.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("layer 1 (" + layer.getClass().getSimpleName() + "): its input is not dropped");
        }
    }

    /** The way out that the warning names. */
    @Test
    void aDropoutLayerServesAnNhwcConvolution() {
        Report<MultiLayerConfiguration> report =
                apply(NHWC, conv(), new DropoutLayer(new Dropout(0.5)), conv(), output());
        assertThat(dropped(report.configuration())).containsExactly(1, 3);
        MultiLayerNetwork network = new MultiLayerNetwork(report.configuration());
        network.init();
        network.fit(Nd4j.randn(4, 8, 8, 3), oneHot(4));
        assertThat(network.score()).isFinite();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(new DenseLayer.Builder().nOut(128).build(), InputType.feedForward(64)),
                Arguments.of(new ConvolutionLayer.Builder(3, 3).nOut(64).build(), InputType.convolutional(8, 8, 16)),
                Arguments.of(
                        new DepthwiseConvolution2D.Builder(3, 3)
                                .depthMultiplier(16)
                                .build(),
                        InputType.convolutional(8, 8, 32)),
                Arguments.of(
                        new SeparableConvolution2D.Builder(3, 3)
                                .depthMultiplier(2)
                                .nOut(128)
                                .build(),
                        InputType.convolutional(8, 8, 64)),
                Arguments.of(
                        new Deconvolution2D.Builder(4, 4)
                                .stride(2, 2)
                                .padding(1, 1)
                                .nOut(32)
                                .build(),
                        InputType.convolutional(32, 32, 32)),
                Arguments.of(new Convolution1DLayer.Builder(3).nOut(128).build(), InputType.recurrent(32, 16)),
                Arguments.of(
                        new Convolution3D.Builder(2, 2, 2).nOut(32).build(),
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 6, 6, 6, 16)),
                Arguments.of(
                        new Deconvolution3D.Builder()
                                .kernelSize(2, 2, 2)
                                .stride(2, 2, 2)
                                .nOut(32)
                                .build(),
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 6, 6, 6, 16)));
    }

    /** Whatever fan-in DL4J states: 10 % is 3 standard deviations of the smallest of these draws of weights. */
    @ParameterizedTest
    @MethodSource("kinds")
    void weightsKeepTheVarianceInEveryKindOfLayer(FeedForwardLayer layer, InputType input) {
        layer.setActivationFn(new Identity());
        MultiLayerConfiguration configuration = apply(
                        input, layer, new GlobalPoolingLayer(PoolingType.AVG), dense(), output())
                .configuration();
        if (input.getType() == InputType.Type.FF) {
            configuration = apply(input, layer, dense(), output()).configuration();
        }
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        INDArray values = network.feedForward(example(input, 64)).get(1);
        assertThat(values.varNumber().doubleValue()).isCloseTo(1, offset(0.1));
    }

    // --- the property

    /**
     * Ten draws of width 256. In 40 of them a layer's variance was 0.991 to 0.999 on average, with a standard deviation
     * of up to 0.028 in one draw, hence 0.009 in the average of ten; the mean's is 0.003. So 0.05 is more than four of
     * these off.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0, P})
    void meanAndVarianceHoldThroughThirtyTwoLayers(double p) {
        assertThat(moments(10, p, configuration -> SelfNormalizing.dropping(p)
                        .apply(configuration)
                        .configuration()))
                .hasSize(32)
                .allSatisfy(layer -> {
                    assertThat(layer.mean()).isCloseTo(0, offset(0.05));
                    assertThat(layer.variance()).isCloseTo(1, offset(0.05));
                });
    }

    /** Without it the same check fails, and by far more than its tolerance. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"RELU", "TANH"})
    void withoutItTheVarianceVanishes(Activation activation) {
        List<Moments> layers = moments(1, 0, configuration -> {
            configuration.getConfs().forEach(conf -> {
                BaseLayer layer = (BaseLayer) conf.getLayer();
                layer.setActivationFn(activation.getActivationFunction());
                layer.setWeightInitFn(Xavier.normal());
            });
            return configuration;
        });
        assertThat(layers.get(31).variance()).isLessThan(0.1);
    }

    private record Moments(double mean, double variance) {}

    /** Mean and variance after each hidden layer, averaged over that many networks and inputs. */
    private static List<Moments> moments(int seeds, double p, UnaryOperator<MultiLayerConfiguration> prepare) {
        int depth = 32;
        double[] means = new double[depth];
        double[] variances = new double[depth];
        for (int seed = 0; seed < seeds; seed++) {
            Layer[] layers = Stream.concat(Stream.generate(() -> dense(256)).limit(depth), Stream.of(output()))
                    .toArray(Layer[]::new);
            MultiLayerNetwork network = new MultiLayerNetwork(
                    prepare.apply(build(settings().seed(seed), InputType.feedForward(256), layers)));
            network.init();
            List<INDArray> activations = network.feedForward(Nd4j.randn(2000, 256), p > 0);
            for (int i = 0; i < depth; i++) {
                INDArray values = activations.get(i + 1);
                means[i] += values.meanNumber().doubleValue() / seeds;
                variances[i] += values.varNumber().doubleValue() / seeds;
            }
        }
        return IntStream.range(0, depth)
                .mapToObj(i -> new Moments(means[i], variances[i]))
                .toList();
    }

    // --- helpers

    /** Passes everything through, and notes what it saw. */
    @SuppressWarnings("serial") // is not written
    private static final class Probe implements IDropout {
        private long @Nullable [] forwards;
        private long @Nullable [] backwards;

        boolean bothWays() {
            return forwards != null && Arrays.equals(forwards, backwards);
        }

        @Override
        public INDArray applyDropout(
                INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaceMgr) {
            forwards = input.shape();
            return result.assign(input);
        }

        @Override
        public INDArray backprop(INDArray gradAtOutput, INDArray gradAtInput, int iteration, int epoch) {
            backwards = gradAtInput.shape();
            return gradAtInput;
        }

        @Override
        public void clear() {}

        @Override
        @SuppressWarnings("MissingSuperCall") // the network's own copy has to be this one
        public Probe clone() {
            return this;
        }
    }

    /** A preprocessor that nobody knows. */
    @SuppressWarnings("serial") // is not written
    private static final class Own extends BaseInputPreProcessor {
        @Override
        public INDArray preProcess(INDArray input, int examples, LayerWorkspaceMgr workspaceMgr) {
            return input;
        }

        @Override
        public INDArray backprop(INDArray gradient, int examples, LayerWorkspaceMgr workspaceMgr) {
            return gradient;
        }

        @Override
        public InputType getOutputType(InputType input) {
            return input;
        }
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .activation(Activation.RELU)
                .weightInit(WeightInit.XAVIER);
    }

    private static MultiLayerConfiguration build(
            NeuralNetConfiguration.Builder settings, InputType input, Layer... layers) {
        return settings.list(layers).setInputType(input).build();
    }

    private static Report<MultiLayerConfiguration> apply(InputType input, Layer... layers) {
        return SelfNormalizing.dropping(P).apply(build(settings(), input, layers));
    }

    /** The result of what gives no warning. */
    private static MultiLayerConfiguration silently(InputType input, Layer... layers) {
        Report<MultiLayerConfiguration> report = apply(input, layers);
        assertThat(report.warnings()).isEmpty();
        return report.configuration();
    }

    private static GraphBuilder graph() {
        return settings().graphBuilder().addInputs("in").setOutputs("out").setInputTypes(FLAT);
    }

    private static DenseLayer dense() {
        return dense(5);
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).build();
    }

    private static ConvolutionLayer conv() {
        return new ConvolutionLayer.Builder(2, 2).nOut(4).build();
    }

    private static DepthwiseConvolution2D depthwise() {
        return new DepthwiseConvolution2D.Builder(2, 2).depthMultiplier(2).build();
    }

    private static SeparableConvolution2D separable() {
        return new SeparableConvolution2D.Builder(2, 2).nOut(4).build();
    }

    private static Deconvolution2D deconvolution() {
        return new Deconvolution2D.Builder(2, 2).nOut(4).build();
    }

    private static Convolution1DLayer conv1D() {
        return new Convolution1DLayer.Builder(2).nOut(4).build();
    }

    private static Convolution3D conv3D() {
        return new Convolution3D.Builder(2, 2, 2)
                .convolutionMode(ConvolutionMode.Same) // with others M2.1 mistakes the order of the axes behind it
                .nOut(4)
                .build();
    }

    private static Deconvolution3D deconvolution3D() {
        return new Deconvolution3D.Builder().kernelSize(2, 2, 2).nOut(4).build();
    }

    private static SubsamplingLayer pool(PoolingType type) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(2, 2)
                .stride(2, 2)
                .pnorm(2)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(2)
                .build();
    }

    private static RnnOutputLayer sequenceOutput() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(2)
                .build();
    }

    private static LossLayer loss(Activation activation) {
        return new LossLayer.Builder(LossFunction.MCXENT).activation(activation).build();
    }

    private static <T extends BaseLayer> T linear(T layer) {
        layer.setActivationFn(Activation.IDENTITY.getActivationFunction());
        return layer;
    }

    private static INDArray example(InputType input, int examples) {
        long[] shape = input.getShape(true);
        shape[0] = examples;
        return Nd4j.randn(shape);
    }

    private static INDArray oneHot(int examples) {
        INDArray labels = Nd4j.zeros(examples, 2);
        for (int i = 0; i < examples; i++) {
            labels.putScalar(i, i % 2, 1);
        }
        return labels;
    }

    private static Layer layer(MultiLayerConfiguration configuration, int index) {
        return configuration.getConf(index).getLayer();
    }

    private static BaseLayer base(MultiLayerConfiguration configuration, int index) {
        return (BaseLayer) layer(configuration, index);
    }

    private static Layer layer(ComputationGraphConfiguration configuration, String name) {
        LayerVertex vertex =
                (LayerVertex) requireNonNull(configuration.getVertices().get(name));
        return vertex.getLayerConf().getLayer();
    }

    private static BaseLayer base(ComputationGraphConfiguration configuration, String name) {
        return (BaseLayer) layer(configuration, name);
    }

    /** By name; "-" where a layer has none. */
    private static List<String> activations(MultiLayerConfiguration configuration) {
        return configuration.getConfs().stream()
                .map(conf -> {
                    if (conf.getLayer() instanceof BaseLayer layer) {
                        return layer.getActivationFn().toString();
                    }
                    return conf.getLayer() instanceof ActivationLayer layer
                            ? layer.getActivationFn().toString()
                            : "-";
                })
                .toList();
    }

    /** Which layers have an AlphaDropout. */
    private static List<Integer> dropped(MultiLayerConfiguration configuration) {
        return IntStream.range(0, configuration.getConfs().size())
                .filter(i -> layer(configuration, i).getIDropout() instanceof AlphaDropout)
                .boxed()
                .toList();
    }

    private static List<String> dropped(ComputationGraphConfiguration configuration) {
        return configuration.getVertices().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof LayerVertex vertex
                        && vertex.getLayerConf().getLayer().getIDropout() instanceof AlphaDropout)
                .map(Map.Entry::getKey)
                .toList();
    }
}
