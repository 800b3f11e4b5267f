package io.github.dl4jx.init.health;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.HardSigmoid;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Sigmoid;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.activations.Softplus;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.activations.layer.PReLU;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.Orthogonal;
import io.github.dl4jx.init.Xavier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
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
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
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

        ActivationLayer ignoring = new ActivationLayer(new SELU());
        ignoring.setIDropout(AlphaDropout.dropping(0.1));
        assertThat(of(
                        Doctor.examine(configuration(FLAT, dense(50, new Identity()), ignoring, classifier())),
                        "built-in"))
                .singleElement()
                .asString()
                .contains("ActivationLayer ignores its AlphaDropout");
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
