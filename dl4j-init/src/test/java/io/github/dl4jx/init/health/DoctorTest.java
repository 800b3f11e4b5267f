package io.github.dl4jx.init.health;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.HardSigmoid;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Sigmoid;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.activations.Softplus;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.init.Constant;
import io.github.dl4jx.init.Fan;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.Orthogonal;
import io.github.dl4jx.init.Xavier;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Signals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.OrthogonalDistribution;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Each rule with a network that has the fault and one that has not. */
class DoctorTest {
    private static final InputType FLAT = InputType.feedForward(20);

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(He.normal())
                .updater(new Sgd(0.1));
    }

    private static MultiLayerConfiguration configuration(InputType input, Layer... layers) {
        return settings()
                .list(layers)
                .setInputType(input)
                .validateOutputLayerConfig(false)
                .build();
    }

    private static DenseLayer dense(int units, IActivation activation) {
        return new DenseLayer.Builder().nOut(units).activation(activation).build();
    }

    private static DenseLayer dense(int units, IActivation activation, IWeightInit initializer) {
        return new DenseLayer.Builder()
                .nOut(units)
                .activation(activation)
                .weightInit(initializer)
                .build();
    }

    private static OutputLayer classifier() {
        return output(LossFunction.MCXENT, new Softmax(), 3);
    }

    private static OutputLayer output(LossFunction loss, IActivation activation, int units) {
        return new OutputLayer.Builder(loss).nOut(units).activation(activation).build();
    }

    private static List<Finding> of(Diagnosis diagnosis, String rule) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.rule().equals(rule))
                .toList();
    }

    @Test
    void healthyNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(
                InputType.convolutional(8, 8, 3),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(16)
                        .activation(new ReLU())
                        .build(),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(16)
                        .activation(new Identity())
                        .hasBias(false)
                        .build(),
                new BatchNormalization(),
                new ActivationLayer(new ReLU()),
                dense(32, Activations.get("mish")),
                classifier()));
        network.init();
        Diagnosis diagnosis = Doctor.examine(network, normal(64, 3, 8, 8));
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.healthy()).isTrue();
        assertThat(diagnosis).hasToString("healthy");
    }

    // --- output-activation

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("MCXENT", "softmax", 3, null, ""),
                Arguments.of("MCXENT", "sigmoid", 3, Severity.ERROR, "all of them go to 1"),
                Arguments.of("MCXENT", "identity", 3, Severity.ERROR, "takes logarithms of probabilities"),
                Arguments.of("MCXENT", "mish", 3, Severity.ERROR, ", 20.0] for inputs in [-20, 20]"),
                Arguments.of("MCXENT", "hard-sigmoid", 3, Severity.WARNING, "DL4J's exact gradient is for softmax"),
                Arguments.of("NEGATIVELOGLIKELIHOOD", "sigmoid", 3, Severity.ERROR, "all of them go to 1"),
                Arguments.of("SPARSE_MCXENT", "sigmoid", 3, Severity.ERROR, "all of them go to 1"),
                Arguments.of("XENT", "sigmoid", 3, null, ""),
                Arguments.of("XENT", "sigmoid", 1, null, ""),
                Arguments.of("XENT", "softmax", 3, Severity.ERROR, "makes them compete"),
                Arguments.of("XENT", "softmax", 1, Severity.ERROR, "softmax over one unit is always 1"),
                Arguments.of("MCXENT", "softmax", 1, Severity.ERROR, "softmax over one unit is always 1"),
                Arguments.of("XENT", "tanh", 1, Severity.ERROR, "takes logarithms of probabilities"),
                Arguments.of("XENT", "hard-sigmoid", 1, Severity.WARNING, "for sigmoid alone"),
                Arguments.of("MSE", "identity", 3, null, ""),
                Arguments.of("MSE", "softplus", 3, Severity.NOTE, "only numbers in"),
                Arguments.of("MSE", "tanh", 3, Severity.NOTE, "only numbers in [-1.00, 1.00]"),
                Arguments.of("MSE", "leakyrelu", 3, null, ""),
                Arguments.of("MSE", "relu", 3, Severity.WARNING, "below 0 the slope is 0"),
                Arguments.of("MSE", "softmax", 3, Severity.WARNING, "sure of the wrong class"),
                Arguments.of("MSE", "sigmoid", 3, Severity.WARNING, "numbers outside (0, 1)"),
                Arguments.of("MEAN_ABSOLUTE_ERROR", "sigmoid", 3, Severity.WARNING, "numbers outside (0, 1)"),
                Arguments.of("MEAN_SQUARED_LOGARITHMIC_ERROR", "identity", 3, Severity.ERROR, "NaN"),
                Arguments.of("MEAN_SQUARED_LOGARITHMIC_ERROR", "softplus", 3, null, ""),
                Arguments.of("POISSON", "identity", 3, Severity.ERROR, "logarithm of an output below 0"),
                Arguments.of("POISSON", "softplus", 3, null, ""),
                Arguments.of("KL_DIVERGENCE", "identity", 3, Severity.ERROR, "compares distributions"),
                Arguments.of("KL_DIVERGENCE", "softmax", 3, null, ""),
                Arguments.of("HINGE", "sigmoid", 3, Severity.WARNING, "labels are -1 and 1"),
                Arguments.of("SQUARED_HINGE", "identity", 3, null, ""),
                Arguments.of("WASSERSTEIN", "sigmoid", 1, Severity.WARNING, "no bounds"),
                Arguments.of("COSINE_PROXIMITY", "softmax", 3, null, ""));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void outputActivationAndLoss(
            String loss, String activation, int units, @Nullable Severity severity, String message) {
        MultiLayerConfiguration configuration = configuration(
                FLAT, dense(30, new ReLU()), output(LossFunction.valueOf(loss), Activations.get(activation), units));
        List<Finding> findings = of(Doctor.examine(configuration), "output-activation");
        if (severity == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(severity);
                assertThat(finding.layer()).isEqualTo("layer 1 (OutputLayer)");
                assertThat(finding.message()).contains(message);
                assertThat(finding.suggestion()).isNotBlank();
            });
        }
    }

    /** Sigmoid with MCXENT wherever it can hide. */
    static Stream<Arguments> hidden() {
        LossFunction loss = LossFunction.MCXENT;
        return Stream.of(
                Arguments.of(
                        FLAT,
                        List.of(
                                dense(3, new Sigmoid()),
                                new LossLayer.Builder(loss)
                                        .activation(new Identity())
                                        .build())),
                Arguments.of(
                        FLAT,
                        List.of(
                                dense(3, new Identity()),
                                new LossLayer.Builder(loss)
                                        .activation(new Sigmoid())
                                        .build())),
                Arguments.of(
                        FLAT,
                        List.of(
                                dense(3, new Identity()),
                                new ActivationLayer(new Sigmoid()),
                                new LossLayer.Builder(loss)
                                        .activation(new Identity())
                                        .build())),
                Arguments.of(
                        InputType.recurrent(4),
                        List.of(
                                new LSTM.Builder()
                                        .nOut(5)
                                        .activation(new Tanh())
                                        .build(),
                                new RnnOutputLayer.Builder(loss)
                                        .nOut(3)
                                        .activation(new Sigmoid())
                                        .build())),
                Arguments.of(
                        InputType.recurrent(4),
                        List.of(
                                new LSTM.Builder()
                                        .nOut(3)
                                        .activation(new Tanh())
                                        .build(),
                                new RnnLossLayer.Builder()
                                        .lossFunction(loss)
                                        .activation(new Sigmoid())
                                        .build())),
                Arguments.of(
                        InputType.convolutional(8, 8, 2),
                        List.of(
                                new ConvolutionLayer.Builder(3, 3)
                                        .nOut(3)
                                        .activation(new Identity())
                                        .build(),
                                new CnnLossLayer.Builder(loss)
                                        .activation(new Sigmoid())
                                        .build())),
                Arguments.of(
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2),
                        List.of(
                                new Convolution3D.Builder(2, 2, 2)
                                        .nOut(3)
                                        .activation(new Identity())
                                        .build(),
                                new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                                        .lossFunction(loss)
                                        .activation(new Sigmoid())
                                        .build())));
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void outputActivationInEveryKindOfLoss(InputType input, List<Layer> layers) {
        Diagnosis diagnosis = Doctor.examine(configuration(input, layers.toArray(Layer[]::new)));
        assertThat(of(diagnosis, "output-activation"))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.ERROR);
        assertThat(diagnosis.healthy()).isFalse();
    }

    @Test
    void softmaxTwice() {
        LossLayer twice = new LossLayer.Builder(LossFunction.MCXENT)
                .activation(new Softmax())
                .build();
        LossLayer once = new LossLayer.Builder(LossFunction.MCXENT)
                .activation(new Identity())
                .build();
        assertThat(of(Doctor.examine(configuration(FLAT, dense(3, new Softmax()), twice)), "output-activation"))
                .singleElement()
                .asString()
                .contains("softmax here comes on top of softmax in layer 0 (DenseLayer)");
        assertThat(of(Doctor.examine(configuration(FLAT, dense(3, new Softmax()), once)), "output-activation"))
                .isEmpty();
    }

    @Test
    void outputsOfAGraph() {
        var graph = settings()
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", dense(30, new ReLU()), "x")
                .addLayer("good", classifier(), "hidden")
                .addLayer("bad", output(LossFunction.XENT, new Softmax(), 4), "hidden")
                .addVertex("merged", new MergeVertex(), "hidden", "x")
                .setOutputs("good", "bad", "merged")
                .setInputTypes(FLAT)
                .validateOutputLayerConfig(false)
                .build();
        assertThat(of(Doctor.examine(graph), "output-activation"))
                .extracting(Finding::severity, Finding::layer)
                .containsExactly(
                        tuple(Severity.ERROR, "'bad' (OutputLayer)"), tuple(Severity.NOTE, "'merged' (MergeVertex)"));
    }

    // --- initialiser

    private static Layer[] deep(int layers, IActivation activation, IWeightInit initializer) {
        Layer[] all = new Layer[layers + 1];
        Arrays.setAll(all, i -> i < layers ? dense(100, activation, initializer) : classifier());
        return all;
    }

    private static List<Finding> initializers(Layer... layers) {
        return of(Doctor.examine(configuration(InputType.feedForward(100), layers)), "initialiser");
    }

    @Test
    void initialisersThatFit() {
        assertThat(initializers(deep(10, new ReLU(), He.normal()))).isEmpty();
        assertThat(initializers(
                        deep(10, Activation.RELU.getActivationFunction(), WeightInit.RELU.getWeightInitFunction())))
                .isEmpty();
        assertThat(initializers(deep(10, new Tanh(), Xavier.normal()))).isEmpty();
        assertThat(initializers(deep(10, new Tanh(), new Orthogonal(1)))).isEmpty();
        assertThat(initializers(deep(10, new SELU(), LeCun.normal()))).isEmpty();
    }

    @Test
    void initialiserThatLosesTheSignal() {
        assertThat(initializers(deep(10, new ReLU(), Xavier.normal())))
                .hasSize(10)
                .allSatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.message())
                            .matches(
                                    "the weights before relu have 0\\.\\d+ times the variance that suits it, and 0\\.00\\d+ times over"
                                            + " the 10 layers like this \\(xavier.*\\)");
                    assertThat(finding.suggestion()).startsWith("he, since a rectifier cuts half");
                });
        // over two layers it hardly matters
        assertThat(initializers(deep(2, new ReLU(), Xavier.normal())))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.NOTE));
        assertThat(initializers(deep(1, new Tanh(), new Gaussian(1))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    void initialiserOfASeluNetwork() {
        assertThat(initializers(deep(2, new SELU(), He.normal()))).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.suggestion()).contains("lecun").contains("fixed point");
        });
    }

    @Test
    void initialiserBeforeAnActivationLayer() {
        assertThat(initializers(
                        dense(100, new Identity(), new Gaussian(3)), new ActivationLayer(new ReLU()), classifier()))
                .hasSize(1);
        assertThat(initializers(dense(100, new Identity(), new Gaussian(3)), new PReLU.Builder().build(), classifier()))
                .hasSize(1);
        assertThat(initializers(dense(100, new Identity(), He.normal()), new PReLU.Builder().build(), classifier()))
                .isEmpty();
    }

    @Test
    void normalisationForgivesAnyScale() {
        assertThat(initializers(
                        dense(100, new Identity(), new Gaussian(3)),
                        new BatchNormalization(),
                        new ActivationLayer(new ReLU()),
                        classifier()))
                .isEmpty();
    }

    @Test
    void initialiserOfAConvolution() {
        InputType image = InputType.convolutional(16, 16, 20);
        for (IWeightInit initializer : List.of(He.normal(), new Gaussian(0.5))) {
            List<Finding> findings = of(
                    Doctor.examine(configuration(
                            image,
                            new ConvolutionLayer.Builder(3, 3)
                                    .nOut(40)
                                    .stride(2, 2)
                                    .activation(new ReLU())
                                    .weightInit(initializer)
                                    .build(),
                            classifier())),
                    "initialiser");
            assertThat(findings).hasSize(initializer instanceof He ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightInit.class,
            names = {"ZERO", "ONES"})
    void constantWeightsOfHiddenLayers(WeightInit constant) {
        IWeightInit initializer = constant.getWeightInitFunction();
        assertThat(initializers(dense(100, new Tanh(), initializer), classifier()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                    assertThat(finding.message()).contains("its 100 units are equal");
                });
        assertThat(initializers(
                        dense(100, new Tanh(), Xavier.normal()),
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(3)
                                .activation(new Softmax())
                                .weightInit(initializer)
                                .build()))
                .isEmpty(); // an output's units differ by their labels
    }

    // --- dropout, self-normalisation

    private static DenseLayer dropping(IActivation activation, IDropout dropout) {
        return new DenseLayer.Builder()
                .nOut(100)
                .activation(activation)
                .weightInit(LeCun.normal())
                .dropOut(dropout)
                .build();
    }

    @Test
    void dropoutInASeluNetwork() {
        DenseLayer selu = dense(100, new SELU(), LeCun.normal());
        assertThat(of(
                        Doctor.examine(configuration(FLAT, selu, dropping(new SELU(), new Dropout(0.9)), classifier())),
                        "dropout"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.layer()).isEqualTo("layer 1 (DenseLayer)");
                    assertThat(finding.message()).startsWith("its Dropout drops what comes from SELU");
                });
        assertThat(of(
                        Doctor.examine(configuration(
                                FLAT,
                                dense(100, Activation.SELU.getActivationFunction(), LeCun.normal()),
                                new DropoutLayer(0.9),
                                selu,
                                classifier())),
                        "dropout"))
                .singleElement()
                .extracting(Finding::layer)
                .isEqualTo("layer 1 (DropoutLayer)");
        Diagnosis alpha = Doctor.examine(configuration(
                FLAT,
                selu,
                dropping(new SELU(), AlphaDropout.dropping(0.05)),
                dropping(new SELU(), new org.deeplearning4j.nn.conf.dropout.AlphaDropout(0.95)),
                classifier()));
        assertThat(alpha.findings()).isEmpty();
    }

    @Test
    void alphaDropoutBehindAnotherActivation() {
        assertThat(of(
                        Doctor.examine(configuration(
                                FLAT,
                                dense(100, new ReLU()),
                                dropping(new ReLU(), AlphaDropout.dropping(0.05)),
                                classifier())),
                        "dropout"))
                .singleElement()
                .asString()
                .contains("sets relu's values to -1.76");
        assertThat(of(
                        Doctor.examine(configuration(
                                FLAT, dense(100, new ReLU()), dropping(new ReLU(), new Dropout(0.5)), classifier())),
                        "dropout"))
                .isEmpty();
    }

    @Test
    void dropoutOfTheInputIsWorthKnowing() {
        assertThat(of(
                        Doctor.examine(configuration(FLAT, dropping(new ReLU(), new Dropout(0.5)), classifier())),
                        "dropout"))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.NOTE);
    }

    @Test
    void whatElseBreaksASeluNetwork() {
        List<Layer> layers = new ArrayList<>(
                List.of(dense(100, new SELU(), LeCun.normal()), dense(100, new SELU(), LeCun.normal()), classifier()));
        assertThat(of(Doctor.examine(configuration(FLAT, layers.toArray(Layer[]::new))), "self-normalisation"))
                .isEmpty();
        layers.add(1, new BatchNormalization());
        assertThat(of(Doctor.examine(configuration(FLAT, layers.toArray(Layer[]::new))), "self-normalisation"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.layer()).isEqualTo("layer 1 (BatchNormalization)");
                    assertThat(finding.message()).contains("learned mean and variance");
                    assertThat(finding.severity()).isEqualTo(Severity.NOTE);
                });
    }

    // --- batch-norm

    private static DenseLayer linear(boolean bias) {
        return new DenseLayer.Builder()
                .nOut(50)
                .activation(new Identity())
                .hasBias(bias)
                .build();
    }

    static Stream<Arguments> normalisations() {
        BatchNormalization norm = new BatchNormalization();
        ActivationLayer relu = new ActivationLayer(new ReLU());
        return Stream.of(
                Arguments.of(List.of(linear(false), norm, relu, classifier()), null),
                Arguments.of(List.of(linear(true), norm, relu, classifier()), "biases of layer 0 (DenseLayer)"),
                Arguments.of(List.of(dense(50, new ReLU()), norm, classifier()), "it comes after relu"),
                Arguments.of(
                        List.of(linear(false), norm, dense(50, new ReLU()), classifier()),
                        "no activation stands between"),
                Arguments.of(
                        List.of(linear(false), new DropoutLayer(0.5), norm, relu, classifier()),
                        "its input is dropped"));
    }

    @ParameterizedTest
    @MethodSource("normalisations")
    void batchNormalisation(List<Layer> layers, @Nullable String message) {
        Diagnosis diagnosis = Doctor.examine(configuration(FLAT, layers.toArray(Layer[]::new)));
        if (message == null) {
            assertThat(of(diagnosis, "batch-norm")).isEmpty();
        } else {
            assertThat(of(diagnosis, "batch-norm")).singleElement().asString().contains(message);
        }
        assertThat(diagnosis.healthy()).isTrue(); // either order trains
    }

    // --- built-in

    @ParameterizedTest
    @CsvSource({
        "SWISH, WARNING, NaN gradients from inputs of 50 on",
        "MISH, WARNING, NaN gradients from inputs of 30 on",
        "GELU, WARNING, NaN gradients from inputs of 30 on",
        "SOFTPLUS, WARNING, infinite at 100",
        "HARDSIGMOID, NOTE, 0.2x + 0.5",
        "RELU, , ",
        "TANH, , ",
    })
    void builtInActivations(Activation activation, @Nullable Severity severity, @Nullable String message) {
        List<Finding> findings = of(
                Doctor.examine(configuration(FLAT, dense(50, activation.getActivationFunction()), classifier())),
                "built-in");
        if (severity == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(severity);
                assertThat(finding.message()).contains(message);
                assertThat(finding.suggestion()).contains("Activations.get(\"");
            });
        }
    }

    @Test
    void builtInRrelu() {
        assertThat(of(
                        Doctor.examine(
                                configuration(FLAT, dense(50, Activation.RRELU.getActivationFunction()), classifier())),
                        "built-in"))
                .singleElement()
                .asString()
                .contains("the gradient 1 for negative inputs");
    }

    @Test
    void ourOwnAreSafe() {
        for (String name : Activations.names()) {
            assertThat(of(
                            Doctor.examine(configuration(FLAT, dense(50, Activations.get(name)), classifier())),
                            "built-in"))
                    .as(name)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightInit.class,
            names = {"DISTRIBUTION", "IDENTITY"},
            mode = EnumSource.Mode.EXCLUDE)
    void builtInInitialisers(WeightInit builtIn) {
        boolean wrong = builtIn == WeightInit.LECUN_UNIFORM || builtIn.name().startsWith("VAR_SCALING");
        assertThat(of(
                        Doctor.examine(configuration(
                                FLAT, dense(50, new Tanh(), builtIn.getWeightInitFunction()), classifier())),
                        "built-in"))
                .hasSize(wrong ? 1 : 0);
    }

    /** The factors that the findings state. */
    @ParameterizedTest
    @CsvSource({
        "VAR_SCALING_UNIFORM_FAN_OUT, 1000, 3",
        "VAR_SCALING_UNIFORM_FAN_AVG, 700, 3",
        "VAR_SCALING_NORMAL_FAN_OUT, 1000, 0.77",
        "VAR_SCALING_NORMAL_FAN_AVG, 700, 0.77"
    })
    void statedFactors(WeightInit builtIn, double fan, double factor) {
        Nd4j.getRandom().setSeed(3);
        INDArray weights = Nd4j.createUninitialized(DataType.FLOAT, 400_000);
        builtIn.getWeightInitFunction().init(400, 1000, new long[] {400, 1000}, 'f', weights);
        assertThat(fan * weights.var(false).getDouble(0)).isCloseTo(factor, withinPercentage(3));
    }

    @Test
    void builtInLayers() {
        MultiLayerConfiguration shrinking = settings()
                .l2(1e-4)
                .list(dense(50, new Identity()), new PReLULayer.Builder().build(), classifier())
                .setInputType(FLAT)
                .build();
        assertThat(of(Doctor.examine(shrinking), "built-in"))
                .singleElement()
                .asString()
                .contains("weight decay shrinks its slopes");
        assertThat(of(
                        Doctor.examine(configuration(
                                FLAT, dense(50, new Identity()), new PReLULayer.Builder().build(), classifier())),
                        "built-in"))
                .isEmpty();
    }

    @Test
    void softmaxOfAConvolution() {
        for (IActivation softmax : List.of(Activation.SOFTMAX.getActivationFunction(), new Softmax())) {
            assertThat(of(
                            Doctor.examine(configuration(
                                    InputType.convolutional(8, 8, 3),
                                    new ConvolutionLayer.Builder(3, 3)
                                            .nOut(4)
                                            .activation(softmax)
                                            .build(),
                                    classifier())),
                            "built-in"))
                    .hasSize(softmax instanceof Softmax ? 0 : 1);
        }
    }

    // --- parameters

    private static MultiLayerNetwork network(Layer... layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(FLAT, layers));
        network.init();
        return network;
    }

    @Test
    void parametersThatAreNoNumbers() {
        MultiLayerNetwork network = network(dense(50, new ReLU()), dense(50, new ReLU()), classifier());
        assertThat(Doctor.examine(network).findings()).isEmpty();
        network.getParam("1_b").putScalar(3, Float.NaN);
        Diagnosis diagnosis = Doctor.examine(network, normal(64, 20));
        assertThat(diagnosis.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("parameters");
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.layer()).isEqualTo("layer 1 (DenseLayer)");
            assertThat(finding.message()).contains("its parameter b holds NaN");
        });
    }

    @Test
    void unitsThatAreAllTheSame() {
        MultiLayerNetwork network = network(dense(50, new ReLU()), dense(50, new ReLU()), classifier());
        INDArray weights = network.getParam("1_W");
        weights.assign(weights.getColumn(0, true).broadcast(50, 50).dup());
        assertThat(Doctor.examine(network).findings())
                .singleElement()
                .asString()
                .contains("layer 1 (DenseLayer): all its units have the same weights");
    }

    @Test
    void graphParameters() {
        ComputationGraph graph = new ComputationGraph(settings()
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", dense(30, new ReLU()), "x")
                .addLayer("out", classifier(), "hidden")
                .setOutputs("out")
                .setInputTypes(FLAT)
                .build());
        graph.init();
        assertThat(Doctor.examine(graph).findings()).isEmpty();
        assertThat(Doctor.examine(graph, normal(64, 20)).findings()).isEmpty();
        graph.getParam("hidden_W").putScalar(0, Float.POSITIVE_INFINITY);
        assertThat(Doctor.examine(graph).findings())
                .singleElement()
                .extracting(Finding::layer)
                .isEqualTo("'hidden' (DenseLayer)");
    }

    @Test
    void networkWithoutParametersIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Doctor.examine(new MultiLayerNetwork(configuration(FLAT, dense(50, new ReLU()), classifier()))))
                .withMessageContaining("call init()");
    }

    // --- signal

    private static List<Finding> signals(Consumer<MultiLayerNetwork> illness, IActivation activation) {
        MultiLayerNetwork network = network(dense(50, activation), dense(50, activation), classifier());
        illness.accept(network);
        return of(Doctor.examine(network, normal(64, 20)), "signal");
    }

    @Test
    void illLayers() {
        assertThat(signals(network -> {}, new ReLU())).isEmpty();
        assertThat(signals(network -> network.getParam("1_b").assign(-1e3), new ReLU()))
                .anySatisfy(finding -> assertThat(finding.toString())
                        .startsWith("WARNING layer 1 (DenseLayer): is dying: 50 of 50 units"));
        assertThat(signals(network -> network.getParam("0_W").muli(30), new Tanh()))
                .anySatisfy(finding ->
                        assertThat(finding.toString()).startsWith("WARNING layer 0 (DenseLayer): is saturated"));
        assertThat(signals(network -> network.getParam("0_W").muli(1e-7), new Tanh()))
                .anySatisfy(
                        finding -> assertThat(finding.toString()).startsWith("WARNING layer 0 (DenseLayer): vanishes"));
        assertThat(signals(network -> network.getParam("0_W").muli(1e7), new ReLU()))
                .anySatisfy(
                        finding -> assertThat(finding.toString()).startsWith("WARNING layer 0 (DenseLayer): explodes"));
    }

    @Test
    void sureClassifierIsHealthy() {
        assertThat(signals(network -> network.getParam("2_b").putScalar(1, 1e4), new ReLU()))
                .isEmpty();
    }

    @Test
    void thresholdsOfTheUser() {
        MultiLayerNetwork network = network(dense(50, new ReLU()), classifier());
        assertThat(of(Doctor.examine(network, Thresholds.DEFAULT.withVanishing(1), normal(64, 20)), "signal"))
                .isNotEmpty();
    }

    // --- networks that are right

    /** Half of what a leaky rectifier sees has its small slope, by design. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.001, 0})
    void smallSlopeBelowZeroIsNoSaturation(double slope) {
        assertThat(signals(network -> {}, new LeakyReLU(slope))).isEmpty();
        assertThat(signals(network -> network.getParam("1_b").assign(-1e3), new LeakyReLU(0.001)))
                .anySatisfy(finding -> assertThat(finding.message()).startsWith("is saturated"));
    }

    @Test
    void narrowNetworksGetTheSameVerdictWhateverWasDrawn() {
        for (int seed = 0; seed < 20; seed++) {
            Nd4j.getRandom().setSeed(seed);
            assertThat(Doctor.examine(configuration(
                                    InputType.feedForward(4),
                                    dense(8, new SELU(), LeCun.normal()),
                                    dense(8, new SELU(), LeCun.normal()),
                                    output(LossFunction.MCXENT, new Softmax(), 3)))
                            .findings())
                    .isEmpty();
        }
    }

    /** By chance some rectifiers of a narrow layer are shut; all of them are too many. */
    @Test
    void shutByChance() {
        assertThat(Chance.shuts(4, 8)).isTrue();
        assertThat(Chance.shuts(8, 8)).isFalse();
        assertThat(Chance.shuts(51, 100)).isTrue();
        assertThat(Chance.shuts(80, 100)).isFalse();
        MultiLayerNetwork network = network(dense(8, new ReLU()), dense(8, new ReLU()), classifier());
        // inputs are positive: so weights below 0 shut what they lead to
        INDArray weights = network.getParam("1_W");
        weights.getColumns(0, 1, 2, 3).assign(0);
        for (int unit = 0; unit < 4; unit++) {
            weights.putColumn(unit, Nd4j.valueArrayOf(new long[] {8, 1}, -0.5f));
        }
        assertThat(of(Doctor.examine(network, normal(64, 20)), "signal")).isEmpty();
        network.getParam("0_b").putScalar(0, 1e-3); // trained: what is shut is told of
        assertThat(of(Doctor.examine(network, normal(64, 20)), "signal"))
                .anySatisfy(finding -> assertThat(finding.message()).startsWith("is dying: 4 of 8 units"));
    }

    @Test
    void initialiserIsOfNoInterestOnceTheWeightsAreOthers() {
        Layer[] layers = deep(10, new ReLU(), Xavier.normal());
        MultiLayerNetwork drawn = network(layers);
        assertThat(of(Doctor.examine(drawn), "initialiser")).hasSize(9); // the first widens, and fits by its fan-out
        MultiLayerNetwork trained = network(layers);
        trained.setIterationCount(1);
        assertThat(of(Doctor.examine(trained), "initialiser")).isEmpty();
        MultiLayerNetwork imported = network(layers);
        for (int i = 0; i < 10; i++) {
            imported.getParam(i + "_b").assign(0.01);
        }
        assertThat(of(Doctor.examine(imported), "initialiser")).isEmpty();
        MultiLayerNetwork anew = network(layers);
        Initializers.apply(anew, He.normal());
        assertThat(of(Doctor.examine(anew), "initialiser")).isEmpty();
        MultiLayerNetwork lecun =
                network(dense(50, new Tanh(), WeightInit.LECUN_UNIFORM.getWeightInitFunction()), classifier());
        assertThat(of(Doctor.examine(lecun), "built-in")).hasSize(1);
        lecun.getParam("0_b").assign(0.01);
        assertThat(of(Doctor.examine(lecun), "built-in")).isEmpty();
    }

    /** What somebody has a reason for: PyTorch's gain, Glorot's factor of 4, He by fan-out, LeCun. */
    @Test
    void otherInitialisersThatFit() {
        assertThat(initializers(deep(10, new Tanh(), Xavier.normal().withGain(5.0 / 3))))
                .isEmpty();
        assertThat(initializers(deep(3, new Sigmoid(), WeightInit.SIGMOID_UNIFORM.getWeightInitFunction())))
                .isEmpty();
        assertThat(initializers(deep(10, Activations.get("elu"), LeCun.normal())))
                .isEmpty();
        assertThat(initializers(
                        dense(10, new ReLU(), He.normal().withFan(Fan.OUT)),
                        dense(500, new ReLU(), He.normal().withFan(Fan.OUT)),
                        classifier()))
                .isEmpty();
    }

    @Test
    void formulasOfInitialisersAreTheirVariances() {
        InitialVariance fans = new InitialVariance(200, 250, new long[] {200, 250}, 'f');
        Stream<IWeightInit> ours = Initializers.names().stream().map(Initializers::get);
        Stream<IWeightInit> theirs = Stream.of(WeightInit.values())
                .filter(builtIn -> builtIn != WeightInit.DISTRIBUTION && builtIn != WeightInit.IDENTITY)
                .map(WeightInit::getWeightInitFunction);
        List<IWeightInit> known = Stream.concat(
                        Stream.concat(ours, theirs),
                        Stream.of(
                                He.uniform().withNegativeSlope(0.5).withFan(Fan.AVERAGE),
                                LeCun.truncatedNormal().withGain(3)))
                .filter(initializer -> !Double.isNaN(fans.known(initializer)))
                .toList();
        assertThat(known).hasSizeGreaterThan(15);
        for (IWeightInit initializer : known) {
            assertThat(fans.sampled(initializer))
                    .as(initializer.toString())
                    .isCloseTo(fans.known(initializer), withinPercentage(4));
        }
    }

    // --- branches

    private static ComputationGraphConfiguration residual(int blocks, IWeightInit initializer) {
        var graph = settings().graphBuilder().addInputs("x").addLayer("0", dense(100, new ReLU()), "x");
        for (int i = 0; i < blocks; i++) {
            graph.addLayer("a" + i, dense(100, new ReLU(), initializer), String.valueOf(i))
                    .addVertex(
                            String.valueOf(i + 1),
                            new ElementWiseVertex(ElementWiseVertex.Op.Add),
                            "a" + i,
                            String.valueOf(i));
        }
        return graph.addLayer("y", classifier(), String.valueOf(blocks))
                .setOutputs("y")
                .setInputTypes(InputType.feedForward(100))
                .build();
    }

    /** Ten branches in which the signal is lost are not one in which it is lost ten times over. */
    @Test
    void weakBranchesBesideShortcuts() {
        assertThat(of(Doctor.examine(residual(10, new Gaussian(0.03))), "initialiser"))
                .hasSize(10)
                .allSatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.NOTE);
                    assertThat(finding.message()).doesNotContain("over the");
                });
        // what explodes in one branch does so in the next one too
        assertThat(of(Doctor.examine(residual(10, new Gaussian(0.5))), "initialiser"))
                .hasSize(10)
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
        assertThat(of(Doctor.examine(residual(3, new Constant(0))), "initialiser"))
                .isEmpty(); // each block is its shortcut
    }

    /** Exponentially many ways, and each layer looked at once. */
    @Test
    void manyBranches() {
        assertThat(of(Doctor.examine(residual(60, He.normal())), "initialiser")).isEmpty();
    }

    // --- hidden-activation

    private static List<Finding> hiddenActivations(Layer... layers) {
        return of(Doctor.examine(configuration(FLAT, layers)), "hidden-activation");
    }

    @Test
    void forgottenActivation() {
        DenseLayer forgotten = new DenseLayer.Builder().nOut(50).build();
        assertThat(hiddenActivations(dense(50, new ReLU()), forgotten, dense(50, new ReLU()), classifier()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.layer()).isEqualTo("layer 1 (DenseLayer)");
                    assertThat(finding.message()).contains("which DL4J takes where none is given");
                });
        assertThat(hiddenActivations(dense(50, new Sigmoid()), dense(50, new Sigmoid()), classifier()))
                .isEmpty();
        DenseLayer code = new DenseLayer.Builder().nOut(8).build();
        assertThat(hiddenActivations(dense(50, new ReLU()), code, dense(50, new ReLU()), classifier()))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.NOTE);
    }

    @Test
    void linearLayersInARow() {
        DenseLayer linear = dense(50, new Identity());
        assertThat(hiddenActivations(dense(50, new ReLU()), linear, dense(50, new ReLU()), classifier()))
                .singleElement()
                .asString()
                .startsWith("WARNING layer 1 (DenseLayer): no activation stands between it and layer 2");
        assertThat(hiddenActivations(linear, new ActivationLayer(new ReLU()), classifier()))
                .isEmpty();
        // a bottleneck leaves dimensions out
        assertThat(hiddenActivations(
                        dense(50, new ReLU()), dense(8, new Identity()), dense(50, new ReLU()), classifier()))
                .isEmpty();
    }

    @Test
    void activationWithoutASlope() {
        assertThat(hiddenActivations(dense(50, Activations.get("step")), classifier()))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.ERROR);
        assertThat(hiddenActivations(dense(50, Activations.get("step(gradient=straight_through)")), classifier()))
                .isEmpty();
    }

    // --- embedding

    /** A network for sequences of 6 steps, of so many numbers each. */
    private static MultiLayerConfiguration beforeAnLstm(Layer first, int size) {
        return settings()
                .list(
                        first,
                        new LSTM.Builder().nOut(5).activation(new Tanh()).build(),
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(3)
                                .activation(new Softmax())
                                .build())
                .setInputType(InputType.recurrent(size, 6))
                .build();
    }

    @Test
    void embeddingThatCannotBeFitted() {
        var wrong = beforeAnLstm(
                new EmbeddingSequenceLayer.Builder().nIn(20).nOut(4).build(), 1);
        assertThat(of(Doctor.examine(wrong), "embedding")).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.message()).contains("a single row");
        });
        MultiLayerNetwork network = new MultiLayerNetwork(wrong);
        network.init();
        assertThatThrownBy(() -> network.fit(Nd4j.ones(8, 6), Nd4j.ones(8, 3, 6)))
                .hasMessageContaining("indexes must be");

        var right = beforeAnLstm(
                new EmbeddingSequenceLayer.Builder().nIn(20).nOut(4).build(), 20);
        assertThat(of(Doctor.examine(right), "embedding")).isEmpty();
    }

    @Test
    void embeddingOfSingleIndicesInARecurrentNetwork() {
        var wrong = beforeAnLstm(new EmbeddingLayer.Builder().nIn(20).nOut(4).build(), 20);
        assertThat(of(Doctor.examine(wrong), "embedding"))
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.ERROR);
        MultiLayerNetwork network = new MultiLayerNetwork(wrong);
        network.init();
        assertThatThrownBy(() -> network.fit(Nd4j.ones(8, 20, 6), Nd4j.ones(8, 3, 6)))
                .isInstanceOf(RuntimeException.class);
    }

    // --- variational autoencoders

    private static MultiLayerConfiguration variational(ReconstructionDistribution distribution) {
        return configuration(
                FLAT,
                new VariationalAutoencoder.Builder()
                        .nOut(4)
                        .encoderLayerSizes(10)
                        .decoderLayerSizes(10)
                        .activation(new Tanh())
                        .reconstructionDistribution(distribution)
                        .build());
    }

    @Test
    void variationalAutoencoders() {
        assertThat(Doctor.examine(variational(new BernoulliReconstructionDistribution(Activation.SIGMOID)))
                        .findings())
                .isEmpty(); // it needs no loss
        Diagnosis wrong = Doctor.examine(variational(new CompositeReconstructionDistribution.Builder()
                .addDistribution(10, new GaussianReconstructionDistribution())
                .addDistribution(10, new BernoulliReconstructionDistribution(Activation.TANH))
                .build()));
        assertThat(wrong.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.message()).contains("the outputs of tanh lie in [-1.00, 1.00]");
        });
        assertThat(of(
                        Doctor.examine(variational(new LossFunctionWrapper(Activation.SOFTMAX, new LossMSE()))),
                        "output-activation"))
                .hasSize(1);
    }

    // --- dropout that drops nothing

    @Test
    void dropoutOfNothingIsNone() {
        for (IDropout nothing : List.of(
                new Dropout(1),
                new SpatialDropout(1),
                new GaussianDropout(0),
                new GaussianNoise(0),
                new org.deeplearning4j.nn.conf.dropout.AlphaDropout(1),
                AlphaDropout.retaining(1))) {
            assertThat(of(
                            Doctor.examine(configuration(
                                    FLAT, dropping(new SELU(), nothing), dropping(new SELU(), nothing), classifier())),
                            "dropout"))
                    .as(nothing.toString())
                    .isEmpty();
        }
    }

    @Test
    void dropoutThatIsIgnored() {
        ActivationLayer ignoring = new ActivationLayer(new ReLU());
        ignoring.setIDropout(new Dropout(0.5));
        assertThat(of(
                        Doctor.examine(configuration(FLAT, dense(50, new Identity()), ignoring, classifier())),
                        "dropout"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.message())
                            .isEqualTo("a ActivationLayer ignores its Dropout, and no other layer drops anything");
                });
        // on the global builder it is set on all, and some drop
        Diagnosis global = Doctor.examine(settings()
                .dropOut(0.5)
                .list(
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(8)
                                .activation(new Identity())
                                .build(),
                        new BatchNormalization(),
                        new ActivationLayer(new ReLU()),
                        new SubsamplingLayer.Builder().kernelSize(2, 2).build(),
                        new LocalResponseNormalization(),
                        dense(20, new ReLU()),
                        classifier())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build());
        assertThat(of(global, "dropout")).hasSize(5).allSatisfy(finding -> assertThat(finding.severity())
                .isEqualTo(Severity.NOTE));
        assertThat(of(global, "batch-norm"))
                .allSatisfy(finding -> assertThat(finding.message()).doesNotContain("dropped"));
    }

    // --- what DL4J's own parts do

    @Test
    void orthogonalDistributionIsToldOfAndNotSampled() {
        IWeightInit crashing = new WeightInitDistribution(new OrthogonalDistribution(1));
        assertThat(Doctor.examine(configuration(
                                InputType.feedForward(32), dense(128, new Tanh(), crashing), classifier()))
                        .findings())
                .singleElement()
                .asString()
                .startsWith("ERROR layer 0 (DenseLayer): M2.1's OrthogonalDistribution crashes the JVM");
        assertThat(BuiltIns.isOrthogonal(new WeightInitDistribution(new NormalDistribution(0, 1))))
                .isFalse();
    }

    /** What throws on the way back leaves the other findings, and the layers' values, to be told. */
    @Test
    void backwardPassThatThrows() {
        MultiLayerNetwork network = network(
                dense(50, new ReLU()), dense(50, new ThrowsBackwards()), output(LossFunction.MCXENT, new Sigmoid(), 3));
        network.getParam("0_b").assign(-1e3);
        Diagnosis diagnosis = Doctor.examine(network, normal(64, 20));
        assertThat(diagnosis.findings())
                .anySatisfy(finding -> assertThat(finding.toString())
                        .startsWith("ERROR the network: it runs forwards, and its backward pass throws"
                                + " java.lang.UnsupportedOperationException: not on the way back"))
                .anySatisfy(finding -> assertThat(finding.message()).contains("LossMCXENT with sigmoid"))
                .anySatisfy(finding -> assertThat(finding.message()).startsWith("is dying: 50 of 50"));
    }

    private static final class ThrowsBackwards extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            if (in.size(0) == 64 && epsilon.maxNumber().doubleValue() != 1) { // and not where its slopes are asked for
                throw new UnsupportedOperationException("not on the way back");
            }
            return new Pair<>(epsilon.dup(), null);
        }
    }

    @Test
    void smallWeightsAreNotEqual() {
        MultiLayerNetwork network = network(dense(50, new ReLU(), new Gaussian(1e-7)), classifier());
        assertThat(of(Doctor.examine(network), "parameters")).isEmpty();
        network.getParam("0_W").assign(1e-7);
        assertThat(of(Doctor.examine(network), "parameters")).hasSize(1);
    }

    @Test
    void equalUnitsOfARecurrentLayer() {
        var configuration = configuration(
                InputType.recurrent(3),
                new LSTM.Builder().nOut(8).activation(new Tanh()).build(),
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(new Softmax())
                        .build());
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        assertThat(of(Doctor.examine(network), "parameters")).isEmpty();
        network.getParam("0_W").assign(0.1);
        assertThat(of(Doctor.examine(network), "parameters")).isEmpty(); // the recurrent weights tell them apart
        network.getParam("0_RW").assign(0.1);
        assertThat(of(Doctor.examine(network), "parameters")).hasSize(1);
    }

    /** Dropout draws; looking must draw nothing of the user's, and see the same each time. */
    @Test
    void dropoutIsDrawnFromNumbersOfItsOwn() {
        MultiLayerNetwork network =
                network(dense(50, new ReLU()), dropping(new ReLU(), new Dropout(0.5)), classifier());
        Nd4j.getRandom().setSeed(5);
        double expected = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(5);
        List<LayerSignal> first = Signals.of(network, normal(64, 20));
        assertThat(Nd4j.getRandom().nextDouble()).isEqualTo(expected);
        assertThat(Signals.of(network, normal(64, 20))).isEqualTo(first);
    }

    // --- what comes of it

    @Test
    void nothingIsChangedAndNothingDrawn() {
        MultiLayerNetwork network = network(dense(50, new SELU()), dense(50, new Tanh()), classifier());
        String before = network.getLayerWiseConfigurations().toJson();
        INDArray parameters = network.params().dup();
        Nd4j.getRandom().setSeed(5);
        double expected = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(5);
        Doctor.examine(network, normal(64, 20));
        assertThat(Nd4j.getRandom().nextDouble()).isEqualTo(expected);
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(before);
        assertThat(network.params()).isEqualTo(parameters);
    }

    @Test
    void worstFirstAndAsJson() throws IOException {
        Diagnosis diagnosis = Doctor.examine(configuration(
                FLAT,
                dense(50, Activation.SWISH.getActivationFunction()),
                new BatchNormalization(),
                output(LossFunction.MCXENT, new HardSigmoid(), 3),
                output(LossFunction.MCXENT, new Sigmoid(), 3)));
        assertThat(diagnosis.findings())
                .extracting(Finding::severity)
                .isSorted()
                .containsOnly(Severity.ERROR, Severity.WARNING, Severity.NOTE);
        JsonNode json = new ObjectMapper().readTree(diagnosis.toJson());
        assertThat(json.fieldNames()).toIterable().containsExactly("healthy", "findings");
        assertThat(json.get("healthy").booleanValue()).isFalse();
        JsonNode first = json.get("findings").get(0);
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly("severity", "rule", "layer", "message", "suggestion");
        assertThat(first.get("severity").textValue()).isEqualTo("error");
        assertThat(first.get("rule").textValue()).isEqualTo("output-activation");
        assertThat(diagnosis.toString().lines()).hasSameSizeAs(diagnosis.findings());
    }

    @Test
    void softplusOfThePackIsNoBuiltIn() {
        assertThat(BuiltIns.of(new Softplus())).isNull();
    }
}
