package io.github.dl4jx.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jx.activations.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What docs/errata.md says of the two lectures' initialisers, in numbers. */
class ErrataTest {
    private static final int LAYERS = 10;
    private static final int UNITS = 500;

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(11);
    }

    private static INDArray weights(String initializer, int fanIn, int fanOut) {
        INDArray memory = Nd4j.createUninitialized(DataType.DOUBLE, (long) fanIn * fanOut);
        return Initializers.get(initializer).init(fanIn, fanOut, new long[] {fanIn, fanOut}, 'f', memory);
    }

    private static double deviation(String initializer, int fanIn, int fanOut) {
        return rms(weights(initializer, fanIn, fanOut));
    }

    private static double rms(INDArray values) {
        return values.norm2Number().doubleValue() / Math.sqrt((double) values.length());
    }

    /** The lectures' network: 500 inputs of N(0, 1), ten layers of 500 units without biases, 100 examples. */
    private static final class DeepNetwork {
        private final IActivation activation;
        private final List<INDArray> weights = new ArrayList<>();
        private final List<INDArray> sums = new ArrayList<>();
        private INDArray output = Nd4j.randn(DataType.DOUBLE, 100, UNITS);

        DeepNetwork(String activation, String initializer) {
            this(activation, () -> weights(initializer, UNITS, UNITS));
        }

        DeepNetwork(String activation, Supplier<INDArray> layerWeights) {
            this.activation = Activations.get(activation);
            for (int layer = 0; layer < LAYERS; layer++) {
                weights.add(layerWeights.get());
                sums.add(output.mmul(weights.get(layer)));
                output = this.activation.getActivation(sums.get(layer).dup(), true);
            }
        }

        /** Of the activations of the last layer. */
        double outputRms() {
            return rms(output);
        }

        /** How much larger the gradient is at the sums of the first layer than at those of the last. */
        double gradientGrowth() {
            INDArray gradient = Nd4j.randn(DataType.DOUBLE, 100, UNITS);
            double last = 0;
            double first = 0;
            for (int layer = LAYERS - 1; layer >= 0; layer--) {
                INDArray atSums =
                        activation.backprop(sums.get(layer).dup(), gradient).getFirst();
                first = rms(atSums);
                last = layer == LAYERS - 1 ? first : last;
                gradient = atSums.mmul(weights.get(layer).transpose());
            }
            return first / last;
        }
    }

    // Lecture A

    @Test
    void inputHas500Dimensions() {
        double printedFirstLayer = 0.213081;
        assertThat(firstTanhLayer(500)).isEqualTo(printedFirstLayer, offset(0.005));
        assertThat(firstTanhLayer(10)).isEqualTo(0.0316, offset(0.002)); // had the input ten
    }

    private static double firstTanhLayer(int inputs) {
        INDArray sums = Nd4j.randn(DataType.DOUBLE, 200, inputs).mmul(weights("gaussian(std=0.01)", inputs, UNITS));
        return rms(Activations.get("tanh").getActivation(sums, true));
    }

    @Test
    void tinyIsNotZero() {
        assertThat(new DeepNetwork("tanh", "gaussian(std=0.01)").outputRms()).isBetween(2e-7, 4e-7);
    }

    @Test
    void saturatedNetworkExplodes() {
        int draws = 10; // one draw of the growth spreads by a quarter, the mean of its logarithm over ten by a twelfth
        double logGrowth = 0;
        double saturated = 0;
        for (int draw = 0; draw < draws; draw++) {
            DeepNetwork network = new DeepNetwork("tanh", "gaussian(std=1)");
            assertThat(network.outputRms()).isEqualTo(0.982, offset(0.005)); // as printed
            logGrowth += Math.log(network.gradientGrowth()) / draws;
            saturated += Transforms.abs(network.output)
                            .gt(0.99)
                            .castTo(DataType.DOUBLE)
                            .meanNumber()
                            .doubleValue()
                    / draws;
        }
        assertThat(saturated).isEqualTo(0.904, offset(0.004));
        assertThat(Math.exp(logGrowth)).isBetween(55_000.0, 100_000.0);
        assertThat(Math.exp(logGrowth / (LAYERS - 1))).isEqualTo(3.48, offset(0.1));
        assertThat(new DeepNetwork("tanh", "gaussian(std=0.01)").gradientGrowth())
                .isLessThan(1e-5);
    }

    @Test
    void linearNetworkOfOrthogonalWeightsDoesNotExplode() {
        DeepNetwork linear = new DeepNetwork("identity", ErrataTest::reflection);
        assertThat(linear.gradientGrowth()).isEqualTo(1, offset(1e-10));
        assertThat(linear.outputRms()).isEqualTo(1, offset(0.02));
    }

    /** I − 2vvᵀ/|v|². */
    private static INDArray reflection() {
        INDArray v = Nd4j.randn(DataType.DOUBLE, UNITS, 1);
        double length = v.norm2Number().doubleValue();
        return Nd4j.eye(UNITS)
                .castTo(DataType.DOUBLE)
                .subi(v.mmul(v.transpose()).muli(2 / (length * length)));
    }

    @Test
    void oneOverRootFanInIsADeviation() {
        double fanIn = 400;
        assertThat(deviation("lecun", 400, 1000)).isEqualTo(1 / Math.sqrt(fanIn), offset(2e-4));
        assertThat(Math.pow(deviation("lecun", 400, 1000), 2)).isNotCloseTo(1 / Math.sqrt(fanIn), offset(0.04));
    }

    @Test
    void xavierHasTheFanOutToo() {
        double printed = 1 / Math.sqrt(400);
        assertThat(deviation("xavier", 400, 400)).isEqualTo(printed, offset(3e-4));
        assertThat(deviation("xavier", 400, 1200)).isNotCloseTo(printed, offset(0.01));
        assertThat(deviation("xavier", 400, 1200)).isEqualTo(Math.sqrt(2.0 / 1600), offset(3e-4));
    }

    @Test
    void halfAnOddFanInIsNotWhole() {
        int fanIn = 27;
        int half = fanIn / 2; // in Python 2 as in Java
        double printed = 1 / Math.sqrt(half);
        double he = Math.pow(deviation("he", fanIn, 40_000), 2);
        assertThat(he).isEqualTo(2 / 27.0, offset(5e-4)).isNotCloseTo(printed * printed, offset(2e-3));
    }

    // Lecture B

    /** Constant weights: neurons stay equal to each other, weights of one neuron do not. */
    @Test
    void constantWeightsStayEqualAcrossNeuronsOnly() {
        INDArray w = trained("constant(value=0.5)");
        assertThat(w.getColumn(0)).isEqualTo(w.getColumn(1)).isEqualTo(w.getColumn(3));
        assertThat(Math.abs(w.getDouble(0, 0) - w.getDouble(1, 0))).isGreaterThan(0.01);
    }

    private static INDArray trained(String initializer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.5))
                .weightInit(Initializers.get(initializer))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build())
                .build());
        network.init();
        INDArray x = Nd4j.randn(DataType.DOUBLE, 20, 3);
        INDArray positive = x.getColumn(0, true).gt(0).castTo(DataType.DOUBLE);
        INDArray labels = Nd4j.hstack(positive, positive.rsub(1));
        for (int step = 0; step < 20; step++) {
            network.fit(x, labels);
        }
        return network.getLayer(0).getParam("W");
    }

    @Test
    void smallWeightsVanishLargeOnesExplode() {
        assertThat(new DeepNetwork("relu", "gaussian(std=0.01)").gradientGrowth())
                .isLessThan(1e-4);
        assertThat(new DeepNetwork("relu", "gaussian(std=1)").gradientGrowth()).isGreaterThan(1e4);
    }

    @Test
    void uniformLimitIsNotItsDeviation() {
        assertThat(deviation("uniform(limit=0.3)", 400, 1000)).isEqualTo(0.3 / Math.sqrt(3), offset(1e-3));
    }

    /** Read as the lecture defines N(μ, σ) in one place, or as it writes LeCun's and Glorot's, one of its formulas is off. */
    @Test
    void secondArgumentOfTheNormalIsNowOneNowTheOther() {
        double n = 400;
        double he = deviation("he", 400, 1000);
        assertThat(he).isEqualTo(Math.sqrt(2 / n), offset(3e-4)); // N[0, 2/n]: a variance
        assertThat(he).isNotCloseTo(2 / n, offset(0.05));
        double lecun = deviation("lecun", 400, 1000);
        assertThat(lecun).isEqualTo(1 / Math.sqrt(n), offset(2e-4)); // N[0, 1/√n]: a deviation
        assertThat(lecun * lecun).isNotCloseTo(1 / Math.sqrt(n), offset(0.04));
    }

    @Test
    void lecunDeviationIsNotOneOverN() {
        assertThat(deviation("lecun", 400, 1000)).isEqualTo(1 / Math.sqrt(400), offset(2e-4));
        assertThat(new DeepNetwork("selu", "lecun").outputRms()).isEqualTo(1, offset(0.15));
        assertThat(new DeepNetwork("selu", "gaussian(std=0.002)").outputRms()).isLessThan(1e-8); // 1/n for n = 500
    }

    /** Var(Σ w x) = n·Var(w)·E[x²] for weights of mean 0: it is Var(x) that counts only where the inputs have mean 0. */
    @Test
    void varianceOfASumNeedsInputsOfMeanZero() {
        INDArray x = Activations.get("relu").getActivation(Nd4j.randn(DataType.DOUBLE, 2_000, UNITS), true);
        INDArray w = weights("lecun", UNITS, UNITS); // n·Var(w) = 1
        double variance = Math.pow(rms(x.mmul(w)), 2);
        double printed = x.var(false).getDouble(0);
        assertThat(printed).isEqualTo(0.5 - 1 / (2 * Math.PI), offset(0.01));
        assertThat(variance).isNotCloseTo(printed, offset(0.1));
        assertThat(variance).isEqualTo(Math.pow(rms(x), 2), offset(0.05)).isEqualTo(0.5, offset(0.05));
    }

    @Test
    void glorotAveragesArithmetically() {
        double variance = Math.pow(deviation("xavier(distribution=normal)", 100, 900), 2);
        assertThat(variance).isEqualTo(1 / ((100 + 900) / 2.0), offset(1e-4));
        assertThat(variance).isNotCloseTo(1 / Math.sqrt(100 * 900), offset(1e-3));
    }

    @Test
    void twoOverNVanishes() {
        String practice = "uniform(limit=" + 2.0 / UNITS + ")";
        assertThat(deviation(practice, UNITS, UNITS)).isEqualTo(0.0023, offset(1e-4));
        assertThat(new DeepNetwork("tanh", practice).outputRms()).isLessThan(1e-10);
        assertThat(new DeepNetwork("tanh", "xavier").outputRms()).isEqualTo(0.228, offset(0.03));
    }

    /**
     * One input in [−1, 1]. The method gives each of H units a share of it, so that as many are active at any point
     * whatever H is; the printed norm, without biases, makes all of them active everywhere.
     */
    @ParameterizedTest
    @ValueSource(ints = {20, 200})
    void nguyenWidrowDividesTheInputAmongTheUnits(int units) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(DataType.DOUBLE)
                .weightInit(new NguyenWidrow())
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(units).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nOut(1)
                        .weightInit(Xavier.uniform())
                        .build())
                .build());
        network.init();
        NguyenWidrow.initializeBiases(network);
        INDArray w = network.getLayer(0).getParam("W");
        INDArray b = network.getLayer(0).getParam("b");
        assertThat(active(w, b)).isBetween(0.7, 2.2); // 1/0.7 on average, less at the ends

        double printedNorm = 0.7 * Math.pow(1, 1 / 2.0); // one input, two layers
        INDArray printed = w.div(w.norm2(true, 0)).mul(printedNorm);
        assertThat(active(printed, b.mul(0))).isEqualTo(units);
    }

    /** How many units have |w x + b| &lt; 1, where tanh is steep, averaged over x in [−1, 1]. */
    private static double active(INDArray w, INDArray b) {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 0.01, 201).reshape(201, 1);
        INDArray sums = x.mmul(w).addRowVector(b);
        return sums.lt(1)
                        .castTo(DataType.DOUBLE)
                        .muli(sums.gt(-1).castTo(DataType.DOUBLE))
                        .sumNumber()
                        .doubleValue()
                / 201;
    }
}
