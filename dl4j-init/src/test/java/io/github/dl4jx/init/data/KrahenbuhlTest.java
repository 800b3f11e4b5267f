package io.github.dl4jx.init.data;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.layer.ParametricSwish;
import io.github.dl4jx.init.NormalNumbers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Channels as DL4J itself computes them, and change rates by DL4J's own way back, with other gradients. */
class KrahenbuhlTest {
    private static final double CLOSE = 2e-3;
    /** Random losses over the whole batch, to judge rates by. */
    private static final int RATE_SEEDS = 40;

    private static final Krahenbuhl WITHIN = new Krahenbuhl().withMaxRounds(0);

    static Stream<AffineLayers> kinds() {
        return AffineLayers.all();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyChannelOfEveryKindOfLayer(AffineLayers kind) {
        for (Krahenbuhl.Start start : Krahenbuhl.Start.values()) {
            MultiLayerNetwork network = kind.network();
            DataInitializationReport report =
                    WITHIN.withMean(0.3).withStart(start).apply(network, kind.batch());
            boolean bias = network.paramTable().keySet().stream().anyMatch(key -> key.matches("0_(b|shift)"));
            for (double[] channel : kind.units(network.output(kind.batch()))) {
                assertThat(variance(channel)).as("%s", start).isCloseTo(1, within(CLOSE));
                if (bias) {
                    assertThat(mean(channel)).as("%s: %s", start, report).isCloseTo(0.3, within(CLOSE));
                }
            }
            assertThat(report.rows()).hasSize(1).allMatch(DataInitializationReport.Row::reached);
            assertThat(report.toString().contains("no bias")).isEqualTo(!bias);
        }
    }

    @Test
    void gatesOfRecurrentLayers() {
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.recurrent(3, 6),
                new Bidirectional(new LSTM.Builder().nOut(4).build()));
        INDArray steps = normal(32, 3, 6).muli(2).addi(1);
        DataInitializationReport report = WITHIN.withMean(0.2).apply(network, steps);
        assertThat(report.rows()).hasSize(8).allMatch(DataInitializationReport.Row::reached);
        INDArray rows = steps.permute(0, 2, 1).dup('c').reshape('c', -1, 3);
        for (String direction : List.of("f", "b")) {
            INDArray z = rows.mmul(network.getLayer(0).getParam(direction + "W"))
                    .addiRowVector(network.getLayer(0).getParam(direction + "b"));
            for (int column = 0; column < 16; column++) {
                double[] unit = z.getColumn(column).dup().toDoubleVector();
                assertThat(variance(unit)).isCloseTo(1, within(CLOSE));
                boolean forget = column >= 4 && column < 8;
                assertThat(mean(unit)).as("column %s", column).isCloseTo(forget ? 1.2 : 0.2, within(CLOSE));
            }
        }
    }

    private static MultiLayerNetwork unequal(IActivation activation) {
        return LayerSequentialUnitVarianceTest.network(
                InputType.convolutional(7, 7, 2),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(activation)
                        .build(),
                new SubsamplingLayer.Builder().kernelSize(2, 2).stride(1, 1).build(),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(24)
                        .activation(activation)
                        .build(),
                new DenseLayer.Builder().nOut(60).activation(activation).build(),
                new DenseLayer.Builder().nOut(12).activation(activation).build(),
                new DenseLayer.Builder().nOut(5).activation(new Identity()).build());
    }

    /** rms(dW)/rms(W) of each layer's weights, over gradients of other seeds. */
    private static double[] rates(MultiLayerNetwork network, INDArray batch) {
        List<String> weights = network.paramTable().keySet().stream()
                .filter(key -> key.endsWith("_W"))
                .toList();
        double[] squares = new double[weights.size()];
        for (int seed = 90; seed < 90 + RATE_SEEDS; seed++) {
            network.setInput(batch);
            INDArray output = network.feedForward(true, false).get(network.getnLayers());
            INDArray top = NormalNumbers.of(seed, output.shape());
            Map<String, INDArray> gradients = network.backpropGradient(top, LayerWorkspaceMgr.noWorkspaces())
                    .getFirst()
                    .gradientForVariable();
            for (int i = 0; i < squares.length; i++) {
                double norm = Objects.requireNonNull(gradients.get(weights.get(i)))
                        .norm2Number()
                        .doubleValue();
                squares[i] += Math.pow(
                        norm / network.getParam(weights.get(i)).norm2Number().doubleValue(), 2);
            }
        }
        return Arrays.stream(squares)
                .map(square -> Math.sqrt(square / RATE_SEEDS))
                .toArray();
    }

    private static void checkRates(DataInitializationReport report, double[] expected) {
        double[] actual = rates(report, DataInitializationReport.Row::changeRateBefore);
        assertThat(actual).hasSameSizeAs(expected);
        for (int layer = 0; layer < expected.length; layer++) {
            assertThat(actual[layer])
                    .as("layer %s, as by losses over the whole batch", layer)
                    .isCloseTo(expected[layer], withinPercentage(25));
        }
    }

    /** In a part of a small batch its statistics are other ones. */
    @Test
    void changeRatesBehindBatchNormalization() {
        INDArray batch = normal(32, 6);
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        DataInitializationReport report = null;
        for (int i = 0; i < 2; i++) {
            networks[i] = LayerSequentialUnitVarianceTest.network(
                    InputType.feedForward(6),
                    dense(6, 20),
                    new BatchNormalization(),
                    dense(20, 12),
                    new DenseLayer.Builder().nOut(5).activation(new Identity()).build());
            Nd4j.getRandom().setSeed(5);
            report = new Krahenbuhl().withMaxRounds(i == 0 ? 0 : 1).apply(networks[i], batch);
        }
        checkRates(Objects.requireNonNull(report), rates(networks[0], batch));
    }

    private static double spread(double[] rates) {
        return Arrays.stream(rates).max().orElseThrow()
                / Arrays.stream(rates).min().orElseThrow();
    }

    @Test
    void layersChangeAtOneRateAndAReluNetworkComputesTheSame() {
        INDArray batch = normal(150, 2, 7, 7).addi(0.5);
        MultiLayerNetwork within = unequal(new ReLU());
        Nd4j.getRandom().setSeed(5);
        WITHIN.withMean(0.1).apply(within, batch);
        MultiLayerNetwork between = unequal(new ReLU());
        Nd4j.getRandom().setSeed(5);
        DataInitializationReport report = new Krahenbuhl().withMean(0.1).apply(between, batch);

        assertThat(report.reached()).isTrue();
        double[] before = rates(within, batch);
        assertThat(spread(before)).isGreaterThan(2);
        checkRates(report, before);
        assertThat(spread(rates(between, batch))).as("another draw").isLessThan(1.25);
        assertThat(spread(report.rows().stream()
                        .mapToDouble(row -> Objects.requireNonNull(row.changeRate()))
                        .toArray()))
                .isLessThan(1.02);
        assertThat(between.output(batch).equalsWithEps(within.output(batch), 5e-3))
                .isTrue();

        // α = 1 needs one round, and one more measurement to know
        MultiLayerNetwork once = unequal(new ReLU());
        Nd4j.getRandom().setSeed(5);
        assertThat(new Krahenbuhl()
                        .withMean(0.1)
                        .withDamping(1)
                        .withMaxRounds(1)
                        .apply(once, batch)
                        .reached())
                .isTrue();
        assertThat(spread(rates(once, batch))).isLessThan(1.25);
    }

    /** Their layers cannot be scaled without changing what the network computes. */
    @ParameterizedTest
    @ValueSource(strings = {"tanh", "selu", "mish", "relu6", "step", "softmax"})
    void layersWithOtherActivationsAreNormalisedAndNotBalanced(String name) {
        INDArray batch = normal(60, 2, 7, 7);
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        for (int rounds = 0; rounds < 2; rounds++) {
            networks[rounds] = unequal(Activations.get(name));
            Nd4j.getRandom().setSeed(5);
            DataInitializationReport report =
                    new Krahenbuhl().withMean(0.2).withMaxRounds(rounds).apply(networks[rounds], batch);
            assertThat(report.reached()).isTrue();
        }
        assertThat(networks[1].params()).isEqualTo(networks[0].params());
    }

    static Stream<Layer> layersThatCannotBeScaled() {
        return Stream.of(
                new ActivationLayer(new Tanh()),
                new ParametricSwish.Builder().build(),
                new LocalResponseNormalization.Builder().build());
    }

    /** One of them in the middle of a ReLU network: the layers before and behind it can be scaled. */
    @ParameterizedTest
    @MethodSource("layersThatCannotBeScaled")
    void balancedAroundALayerThatCannotBeScaled(Layer middle) {
        INDArray batch = normal(150, 8, 1, 1).addi(0.5);
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        DataInitializationReport report = null;
        for (int i = 0; i < 2; i++) {
            networks[i] = LayerSequentialUnitVarianceTest.network(
                    InputType.convolutional(1, 1, 8),
                    pointwise(90, new ReLU()),
                    pointwise(8, new ReLU()),
                    pointwise(40, new Identity()),
                    middle.clone(),
                    pointwise(8, new ReLU()),
                    pointwise(90, new ReLU()),
                    pointwise(5, new Identity()));
            Nd4j.getRandom().setSeed(5);
            report = new Krahenbuhl().withMaxRounds(i == 0 ? 0 : 20).apply(networks[i], batch);
        }
        assertThat(networks[1].output(batch).equalsWithEps(networks[0].output(batch), 5e-3))
                .isTrue();
        DataInitializationReport balanced = Objects.requireNonNull(report);
        assertThat(balanced.rows().get(2).variance()).as("in front of it").isCloseTo(1, within(CLOSE));
        double[] before = rates(balanced, DataInitializationReport.Row::changeRateBefore);
        double[] after = rates(balanced, DataInitializationReport.Row::changeRate);
        assertThat(logVariance(after)).isLessThan(0.7 * logVariance(before));
    }

    private static ConvolutionLayer pointwise(int filters, IActivation activation) {
        return new ConvolutionLayer.Builder(1, 1)
                .nOut(filters)
                .activation(activation)
                .build();
    }

    /** A residual block, a merge, batch normalisation, a frozen layer and two kinds of output. */
    @Test
    void graphsKeepTheirFunction() {
        ComputationGraph[] graphs = new ComputationGraph[2];
        INDArray batch = normal(400, 6).addi(0.5);
        for (int i = 0; i < 2; i++) {
            graphs[i] = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .activation(new ReLU())
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("stem", dense(6, 8), "in")
                    .addLayer("wide", dense(8, 90), "stem")
                    .addLayer("narrow", dense(90, 8), "wide")
                    .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "stem", "narrow")
                    .addLayer("left", dense(8, 30), "sum")
                    .addLayer("right", dense(8, 4), "sum")
                    .addVertex("merged", new MergeVertex(), "left", "right")
                    .addLayer(
                            "normalised",
                            new DenseLayer.Builder()
                                    .nIn(34)
                                    .nOut(50)
                                    .activation(new Identity())
                                    .build(),
                            "merged")
                    .addLayer(
                            "norm",
                            new BatchNormalization.Builder().nIn(50).nOut(50).build(),
                            "normalised")
                    .addLayer("frozen", new FrozenLayerWithBackprop(dense(50, 7)), "norm")
                    .addLayer("top", dense(7, 7), "frozen")
                    .addLayer(
                            "probabilities",
                            new OutputLayer.Builder(LossFunction.MCXENT)
                                    .nIn(7)
                                    .nOut(3)
                                    .activation(Activation.SOFTMAX)
                                    .build(),
                            "top")
                    .addLayer(
                            "value",
                            new DenseLayer.Builder()
                                    .nIn(8)
                                    .nOut(1)
                                    .activation(new Identity())
                                    .build(),
                            "sum")
                    .addLayer(
                            "loss",
                            new LossLayer.Builder(LossFunction.MSE)
                                    .activation(new Identity())
                                    .build(),
                            "value")
                    .setOutputs("probabilities", "loss")
                    .build());
            graphs[i].init();
            Nd4j.getRandom().setSeed(5);
            INDArray frozen = graphs[i].getLayer("frozen").params().dup();
            DataInitializationReport report =
                    new Krahenbuhl().withMaxRounds(i == 0 ? 0 : 20).apply(graphs[i], batch);
            assertThat(report.reached()).isTrue();
            assertThat(graphs[i].getLayer("frozen").params()).isEqualTo(frozen);
            if (i == 1) {
                double[] before = rates(report, DataInitializationReport.Row::changeRateBefore);
                double[] after = rates(report, DataInitializationReport.Row::changeRate);
                assertThat(logVariance(after)).isLessThan(0.7 * logVariance(before));
            }
        }
        // in training mode, by the batch's own statistics
        Map<String, INDArray> within = graphs[0].feedForward(batch, true);
        Map<String, INDArray> between = graphs[1].feedForward(batch, true);
        for (String output : List.of("sum", "norm", "probabilities", "value")) {
            boolean same = Objects.requireNonNull(between.get(output))
                    .equalsWithEps(Objects.requireNonNull(within.get(output)), 1e-2);
            // inside of the network a scale may have moved
            assertThat(same).as(output).isEqualTo(!output.equals("sum"));
        }
        graphs[1].fit(new INDArray[] {batch}, new INDArray[] {Nd4j.zeros(400, 3).addi(1 / 3.0), Nd4j.zeros(400, 1)});
        assertThat(Double.isFinite(graphs[1].score())).isTrue();
    }

    private static double[] rates(
            DataInitializationReport report,
            java.util.function.Function<DataInitializationReport.Row, @org.jspecify.annotations.Nullable Double> rate) {
        return report.rows().stream()
                .filter(DataInitializationReport.Row::initialized)
                .mapToDouble(row -> Objects.requireNonNull(rate.apply(row)))
                .toArray();
    }

    private static double logVariance(double[] rates) {
        return variance(Arrays.stream(rates).map(Math::log).toArray());
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(new ReLU()).build();
    }

    @Test
    void recurrentNetworksAreBalancedAsFarAsTheirScalesAreFree() {
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.recurrent(3, 6),
                new LSTM.Builder().nOut(8).build(),
                new LSTM.Builder().nOut(4).build(),
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build());
        DataInitializationReport report = new Krahenbuhl().apply(network, normal(32, 3, 6));
        assertThat(report.reached()).isTrue();
        assertThat(report.rows()).hasSize(9).allSatisfy(row -> {
            assertThat(row.variance()).isCloseTo(1, within(CLOSE));
            assertThat(row.changeRate()).isPositive().isEqualTo(row.changeRateBefore());
        });
    }

    /** The first filters are the directions of most variance, by the covariance of patches that loops collect. */
    @Test
    void principalComponentsOfPatches() {
        INDArray images = normal(60, 2, 6, 6);
        for (int i = 0; i < 60; i++) { // so that neighbours correlate
            for (int y = 1; y < 6; y++) {
                for (int x = 1; x < 6; x++) {
                    images.putScalar(
                            new int[] {i, 0, y, x},
                            0.8 * images.getDouble(i, 0, y, x - 1) + 0.5 * images.getDouble(i, 1, y - 1, x));
                }
            }
        }
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.convolutional(6, 6, 2),
                new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(new Identity())
                        .build());
        WITHIN.withStart(Krahenbuhl.Start.PCA).apply(network, images);
        double[][] patches = new double[60 * 25][8];
        for (int i = 0; i < patches.length; i++) {
            for (int k = 0; k < 8; k++) {
                patches[i][k] = images.getDouble(i / 25, k / 4, i % 25 / 5 + k % 4 / 2, i % 5 + k % 2);
            }
        }
        checkComponents(
                patches,
                network.getLayer(0).getParam("W").dup('c').reshape('c', 3, 8).toDoubleMatrix());
    }

    @Test
    void principalComponentsOfRows() {
        INDArray rows = normal(200, 7)
                .muliRowVector(Nd4j.createFromArray(1f, 5f, 2f, 9f, 3f, 7f, 4f))
                .addi(3);
        rows = rows.mmul(normal(7, 7));
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.feedForward(7),
                new DenseLayer.Builder().nOut(4).activation(new Identity()).build());
        WITHIN.withStart(Krahenbuhl.Start.PCA).apply(network, rows);
        checkComponents(
                rows.toDoubleMatrix(),
                network.getLayer(0).getParam("W").transpose().toDoubleMatrix());
    }

    private static void checkComponents(double[][] samples, double[][] filters) {
        EigenDecomposition eigen = new EigenDecomposition(new Covariance(samples).getCovarianceMatrix());
        for (int i = 0; i < filters.length; i++) {
            double[] expected = eigen.getEigenvector(i).toArray();
            double dot = 0;
            double norm = 0;
            for (int k = 0; k < expected.length; k++) {
                dot += expected[k] * filters[i][k];
                norm += filters[i][k] * filters[i][k];
            }
            assertThat(Math.abs(dot) / Math.sqrt(norm)).as("component %s", i).isCloseTo(1, within(1e-4));
        }
    }

    /** More inputs than samples: the same components by the other matrix. */
    @Test
    void moreInputsThanSamples() {
        INDArray rows = normal(30, 80).muliRowVector(Nd4j.linspace(1, 9, 80, DataType.FLOAT));
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.feedForward(80),
                new DenseLayer.Builder().nOut(6).activation(new Identity()).build());
        WITHIN.withStart(Krahenbuhl.Start.PCA).apply(network, rows);
        double[][] z = network.output(rows).transpose().toDoubleMatrix();
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                double product = 0;
                for (int k = 0; k < 30; k++) {
                    product += z[i][k] * z[j][k] / 30;
                }
                assertThat(product).as("%s, %s", i, j).isCloseTo(i == j ? 1 : 0, within(1e-3));
            }
        }
        checkComponents(
                rows.toDoubleMatrix(),
                network.getLayer(0).getParam("W").transpose().toDoubleMatrix());
    }

    @Test
    void unitsBeyondTheComponentsAreDifferentMixtures() {
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.feedForward(3),
                new DenseLayer.Builder().nOut(8).activation(new Identity()).build());
        INDArray batch = normal(50, 3);
        assertThat(WITHIN.withStart(Krahenbuhl.Start.PCA).apply(network, batch).reached())
                .isTrue();
        double[][] columns = network.getLayer(0).getParam("W").transpose().toDoubleMatrix();
        assertThat(Arrays.stream(columns).map(Arrays::toString).distinct()).hasSize(8);
    }

    /** Patches that point along four axes of a rotated space: each has a unit that points along it. */
    @Test
    void clustersOfDirections() {
        Random random = new Random(4);
        INDArray rotation = Nd4j.createFromArray(new float[][] {
            {.5f, .5f, .5f, .5f}, {.5f, -.5f, .5f, -.5f}, {.5f, .5f, -.5f, -.5f}, {.5f, -.5f, -.5f, .5f}
        });
        INDArray rows = normal(2000, 4).muli(0.05);
        for (int i = 0; i < 2000; i++) {
            int axis = random.nextInt(4);
            rows.putScalar(i, axis, rows.getDouble(i, axis) + (random.nextBoolean() ? 1 : -1));
        }
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(12).activation(new Identity()).build());
        WITHIN.withStart(Krahenbuhl.Start.KMEANS).apply(network, rows.mmul(rotation));
        double[][] units =
                rotation.mmul(network.getLayer(0).getParam("W")).transpose().toDoubleMatrix();
        for (int axis = 0; axis < 4; axis++) {
            int i = axis;
            double cosine = Arrays.stream(units)
                    .mapToDouble(unit -> Math.abs(unit[i])
                            / Math.sqrt(Arrays.stream(unit).map(v -> v * v).sum()))
                    .max()
                    .orElseThrow();
            assertThat(cosine).as("axis %s", axis).isGreaterThan(0.98);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PCA", "KMEANS"})
    void tooFewExamples(Krahenbuhl.Start start) {
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.feedForward(20),
                new DenseLayer.Builder().nOut(9).activation(new ReLU()).build());
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WITHIN.withStart(start).apply(network, normal(9, 20)))
                .withMessage("layer 0 (DenseLayer), parameter W: the batch gives 9 patches of its input; valid for"
                        + " principal components of 20 inputs for 9 units: more than 9");
        assertThat(network.params()).isEqualTo(before);
        WITHIN.withStart(start).apply(network, normal(10, 20));
        assertThat(network.params()).isNotEqualTo(before);
    }

    @Test
    void unitsWithoutInputsThatDifferAreNamed() {
        INDArray images = normal(8, 3, 6, 6);
        images.slice(1, 1).assign(2);
        MultiLayerNetwork network = LayerSequentialUnitVarianceTest.network(
                InputType.convolutional(6, 6, 3),
                new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build());
        INDArray before = network.params().dup();
        for (Krahenbuhl.Start start : Krahenbuhl.Start.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WITHIN.withStart(start).apply(network, images))
                    .withMessageContaining("layer 0 (DepthwiseConvolution2D), parameter W: ")
                    .withMessageMatching(
                            start == Krahenbuhl.Start.GAUSSIAN
                                    ? ".*pre-activation of unit 2 is the same for the whole batch.*"
                                    : ".*all patches of its input are the same.*");
        }
        assertThat(network.params()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameWeights(Krahenbuhl.Start start) {
        INDArray batch = normal(64, 2, 7, 7);
        INDArray[] results = IntStream.of(7, 7, 8)
                .mapToObj(seed -> {
                    MultiLayerNetwork network = unequal(new ReLU());
                    Nd4j.getRandom().setSeed(seed);
                    new Krahenbuhl().withStart(start).apply(network, batch);
                    return network.params();
                })
                .toArray(INDArray[]::new);
        assertThat(results[1]).isEqualTo(results[0]);
        assertThat(results[2].equals(results[0])).isEqualTo(start == Krahenbuhl.Start.PCA);
    }

    @Test
    void refusedArguments() {
        Krahenbuhl krahenbuhl = new Krahenbuhl();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> krahenbuhl.withMean(Double.NaN))
                .withMessage("mean is NaN; valid: a finite number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> krahenbuhl.withDamping(0))
                .withMessage("damping is 0.0; valid: (0.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> krahenbuhl.withMaxRounds(-1))
                .withMessage("maxRounds is -1.0; valid: a whole number >= 0");
    }
}
