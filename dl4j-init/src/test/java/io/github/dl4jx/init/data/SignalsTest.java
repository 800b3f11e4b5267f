package io.github.dl4jx.init.data;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.NormalNumbers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Every statistic against plain loops over what DL4J itself computes. */
class SignalsTest {
    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder().seed(3).weightInit(He.normal());
    }

    /** The gradient that the engine sends back. */
    private static INDArray gradient(long... shape) {
        return NormalNumbers.of(1, shape);
    }

    /** Forward statistics by loops, with the unit on axis 1. */
    private static void checkValues(LayerSignal signal, INDArray values) {
        int units = (int) values.size(1);
        long others = values.length() / units;
        double sum = 0;
        double squares = 0;
        long zeros = 0;
        long dead = 0;
        double variances = 0;
        for (int unit = 0; unit < units; unit++) {
            double[] of = values.get(NDArrayIndex.all(), NDArrayIndex.point(unit))
                    .ravel()
                    .toDoubleVector();
            double unitSum = 0;
            double unitSquares = 0;
            for (double value : of) {
                unitSum += value;
                unitSquares += value * value;
                zeros += value == 0 ? 1 : 0;
            }
            dead += Arrays.stream(of).distinct().count() == 1 ? 1 : 0;
            sum += unitSum;
            squares += unitSquares;
            variances += unitSquares / others - Math.pow(unitSum / others, 2);
        }
        double mean = sum / values.length();
        double std = Math.sqrt(squares / values.length() - mean * mean);
        assertThat(signal.mean()).as("mean of %s", signal).isCloseTo(mean, within(1e-6));
        assertThat(signal.standardDeviation()).as("std of %s", signal).isCloseTo(std, within(1e-6));
        assertThat(signal.spread()).as("spread of %s", signal).isCloseTo(Math.sqrt(variances / units), within(1e-6));
        assertThat(signal.zeros()).as("zeros of %s", signal).isEqualTo((double) zeros / values.length());
        assertThat(signal.units()).isEqualTo(units);
        assertThat(signal.deadUnits()).as("dead units of %s", signal).isEqualTo(dead);
    }

    @Test
    void denseNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(6)
                        .nOut(8)
                        .activation(new ReLU())
                        .build())
                .layer(new DenseLayer.Builder().nOut(5).activation(new Tanh()).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(6))
                .build());
        network.init();
        network.getLayer(0).getParam("b").putScalar(2, -100); // dead
        network.getLayer(1).getParam("W").muli(4); // saturated
        INDArray batch = normal(7, 6);
        INDArray before = network.params().dup();
        List<LayerSignal> signals = Signals.of(network, batch);

        assertThat(network.params()).isEqualTo(before);
        assertThat(signals).extracting(LayerSignal::name).containsExactly("input", "0", "1", "2");
        assertThat(signals)
                .extracting(LayerSignal::type)
                .containsExactly("input", "DenseLayer", "DenseLayer", "OutputLayer");
        List<INDArray> values = network.feedForward(batch);
        for (int i = 0; i < values.size(); i++) {
            checkValues(signals.get(i), values.get(i));
        }
        assertThat(signals.get(1).deadUnits()).isEqualTo(1);

        double[][] w0 = network.getLayer(0).getParam("W").toDoubleMatrix();
        double[][] w1 = network.getLayer(1).getParam("W").toDoubleMatrix();
        double[][] h0 = values.get(1).toDoubleMatrix();
        double[][] h1 = values.get(2).toDoubleMatrix();
        double[][] slopes0 = map(h0, h -> h > 0 ? 1 : 0);
        double[][] slopes1 = map(h1, h -> 1 - h * h);
        double[][] g1 = gradient(7, 5).toDoubleMatrix();
        double[][] g0 = backwards(g1, slopes1, w1);
        double[][] g = backwards(g0, slopes0, w0);
        assertThat(signals.get(0).gradient()).hasValueCloseTo(std(g), within(1e-5));
        assertThat(signals.get(1).gradient()).hasValueCloseTo(std(g0), within(1e-5));
        assertThat(signals.get(2).gradient()).hasValueCloseTo(std(g1), within(1e-5));
        assertThat(signals.get(3).gradient()).isEmpty();
        assertThat(signals.get(1).saturated()).hasValue(fractionBelow(slopes0));
        assertThat(signals.get(2).saturated()).hasValue(fractionBelow(slopes1));
        assertThat(fractionBelow(slopes1)).isGreaterThan(0);
        assertThat(signals.get(0).saturated()).isEmpty();
        assertThat(signals.get(3).saturated()).isEmpty();

        assertThat(signals.get(1).meanSquaredSingularValue()).hasValueCloseTo(meanSquared(w0, slopes0), within(1e-5));
        assertThat(signals.get(2).meanSquaredSingularValue()).hasValueCloseTo(meanSquared(w1, slopes1), within(1e-5));
        assertThat(signals.get(1).conditionNumber().orElseThrow())
                .isCloseTo(condition(w0, slopes0[0]), within(1e-2 * condition(w0, slopes0[0])));
        assertThat(signals.get(2).conditionNumber().orElseThrow())
                .isCloseTo(condition(w1, slopes1[0]), within(1e-2 * condition(w1, slopes1[0])));
        assertThat(signals.get(3).conditionNumber()).isEmpty();
        List<LayerSignal> quick = Signals.quick(network, batch);
        assertThat(quick).extracting(LayerSignal::conditionNumber).containsOnly(OptionalDouble.empty());
        assertThat(quick)
                .extracting(LayerSignal::gradient)
                .isEqualTo(signals.stream().map(LayerSignal::gradient).toList());
    }

    @Test
    void reluJacobianIsSingular() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(9)
                        .nOut(9)
                        .activation(new ReLU())
                        .build())
                .build());
        network.init();
        assertThat(Signals.of(network, normal(4, 9)).get(1).conditionNumber()).hasValue(Double.POSITIVE_INFINITY);
    }

    private interface Function {
        double of(double x);
    }

    private static double[][] map(double[][] values, Function function) {
        return Arrays.stream(values)
                .map(row -> Arrays.stream(row).map(function::of).toArray())
                .toArray(double[][]::new);
    }

    /** dL/dx = (g∘slopes)·Wᵀ. */
    private static double[][] backwards(double[][] g, double[][] slopes, double[][] weights) {
        double[][] result = new double[g.length][weights.length];
        for (int b = 0; b < g.length; b++) {
            for (int i = 0; i < weights.length; i++) {
                for (int j = 0; j < weights[i].length; j++) {
                    result[b][i] += g[b][j] * slopes[b][j] * weights[i][j];
                }
            }
        }
        return result;
    }

    private static double std(double[][] values) {
        double[] all = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        return Math.sqrt(
                Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }

    private static double fractionBelow(double[][] slopes) {
        return Arrays.stream(slopes)
                .flatMapToDouble(Arrays::stream)
                .map(slope -> Math.abs(slope) < 0.01 ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static double[] singularValues(double[][] weights, double[] slopes) {
        double[][] jacobian = new double[slopes.length][weights.length];
        for (int j = 0; j < slopes.length; j++) {
            for (int i = 0; i < weights.length; i++) {
                jacobian[j][i] = slopes[j] * weights[i][j];
            }
        }
        return new SingularValueDecomposition(new Array2DRowRealMatrix(jacobian)).getSingularValues();
    }

    private static double meanSquared(double[][] weights, double[][] slopes) {
        return Arrays.stream(slopes)
                        .mapToDouble(row -> Arrays.stream(singularValues(weights, row))
                                .map(v -> v * v)
                                .sum())
                        .average()
                        .orElseThrow()
                / weights.length;
    }

    private static double condition(double[][] weights, double[] slopes) {
        double[] values = singularValues(weights, slopes);
        double smallest = values[values.length - 1];
        return smallest < 1e-12 ? Double.POSITIVE_INFINITY : values[0] / smallest;
    }

    /** Convolution, batch normalisation, an activation layer, pooling and a dense layer. */
    @Test
    void convolutionalNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(new Tanh())
                        .build())
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(new ReLU()))
                .layer(new SubsamplingLayer.Builder()
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder().nOut(5).activation(new Tanh()).build())
                .setInputType(InputType.convolutional(8, 8, 2))
                .build());
        network.init();
        INDArray batch = normal(6, 2, 8, 8);
        List<LayerSignal> signals = Signals.of(network, batch);
        List<INDArray> values = network.feedForward(batch, true);
        for (int i = 0; i < values.size(); i++) {
            checkValues(signals.get(i), values.get(i));
        }
        double[][] convolved = values.get(1).reshape(6, -1).toDoubleMatrix();
        assertThat(signals.get(1).saturated()).hasValue(fractionBelow(map(convolved, h -> 1 - h * h)));
        assertThat(signals.get(2).saturated()).isEmpty();
        double[][] rectified = values.get(3).reshape(6, -1).toDoubleMatrix();
        assertThat(signals.get(3).saturated()).hasValue(fractionBelow(map(rectified, h -> h > 0 ? 1 : 0)));
        assertThat(signals.get(4).saturated()).isEmpty();
        assertThat(signals.get(5).meanSquaredSingularValue()).isPresent();
        assertThat(signals.get(1).meanSquaredSingularValue()).isEmpty();
        checkInputGradient(network, batch, gradient(6, 5), signals);
    }

    @Test
    void recurrentNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).activation(new Tanh()).build())
                .layer(new LSTM.Builder().nIn(4).nOut(5).activation(new Tanh()).build())
                .build());
        network.init();
        INDArray batch = normal(6, 3, 7);
        List<LayerSignal> signals = Signals.of(network, batch);
        List<INDArray> values = network.feedForward(batch);
        for (int i = 0; i < values.size(); i++) {
            checkValues(signals.get(i), values.get(i));
        }
        assertThat(signals.get(1).saturated()).isEmpty();
        checkInputGradient(network, batch, gradient(6, 5, 7), signals);
    }

    @Test
    void lossesAreLeftOut() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).activation(new Tanh()).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
        network.init();
        List<LayerSignal> signals = Signals.of(network, normal(6, 3, 7));
        assertThat(signals.get(1).gradient())
                .hasValueCloseTo(Moments.of(gradient(6, 4, 7)).standardDeviation(), within(1e-6));
        assertThat(signals.get(2).gradient()).isEmpty();
    }

    /** DL4J's own way back, of a network without a loss. */
    private static void checkInputGradient(
            MultiLayerNetwork network, INDArray batch, INDArray top, List<LayerSignal> signals) {
        network.setInput(batch);
        network.feedForward(true, false);
        INDArray gradient = network.backpropGradient(top, null).getSecond();
        assertThat(signals.get(0).gradient())
                .hasValueCloseTo(std(gradient.reshape(batch.size(0), -1).toDoubleMatrix()), within(1e-5));
        assertThat(signals.get(signals.size() - 1).gradient())
                .hasValueCloseTo(std(top.reshape(batch.size(0), -1).toDoubleMatrix()), within(1e-5));
    }

    @Test
    void graphThatBranchesAndMerges() {
        ComputationGraph graph = new ComputationGraph(builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("a", dense(4, 3, new ReLU()), "x")
                .addLayer("b", dense(4, 3, new Tanh()), "x")
                .addVertex("merged", new MergeVertex(), "a", "b")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("c", dense(6, 3, new Tanh()), "merged")
                .addVertex("all", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c", "sum")
                .setOutputs("all")
                .build());
        graph.init();
        INDArray x = normal(5, 4);
        List<LayerSignal> signals = Signals.of(graph, x);
        assertThat(signals)
                .extracting(LayerSignal::name)
                .containsExactlyInAnyOrder("x", "a", "b", "merged", "sum", "c", "all");
        graph.feedForward(x, false).forEach((name, values) -> checkValues(signal(signals, name), values));

        double[][] top = gradient(5, 3).toDoubleMatrix();
        double[][] c = activation(graph, x, "c");
        double[][] a = activation(graph, x, "a");
        double[][] b = activation(graph, x, "b");
        double[][] merged = backwards(top, map(c, h -> 1 - h * h), weights(graph, "c"));
        double[][] toA = new double[5][3];
        double[][] toB = new double[5][3];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 3; j++) {
                toA[i][j] = top[i][j] + merged[i][j];
                toB[i][j] = top[i][j] + merged[i][3 + j];
            }
        }
        double[][] fromA = backwards(toA, map(a, h -> h > 0 ? 1 : 0), weights(graph, "a"));
        double[][] fromB = backwards(toB, map(b, h -> 1 - h * h), weights(graph, "b"));
        double[][] toX = new double[5][4];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                toX[i][j] = fromA[i][j] + fromB[i][j];
            }
        }
        assertThat(signal(signals, "merged").gradient()).hasValueCloseTo(std(merged), within(1e-5));
        assertThat(signal(signals, "a").gradient()).hasValueCloseTo(std(toA), within(1e-5));
        assertThat(signal(signals, "b").gradient()).hasValueCloseTo(std(toB), within(1e-5));
        assertThat(signal(signals, "x").gradient()).hasValueCloseTo(std(toX), within(1e-5));
    }

    private static DenseLayer dense(int in, int out, IActivation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    private static LayerSignal signal(List<LayerSignal> signals, String name) {
        return signals.stream()
                .filter(signal -> signal.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double[][] activation(ComputationGraph graph, INDArray input, String layer) {
        return Objects.requireNonNull(graph.feedForward(input, false).get(layer))
                .toDoubleMatrix();
    }

    private static double[][] weights(ComputationGraph graph, String layer) {
        Layer runtime = graph.getLayer(layer);
        return runtime.getParam("W").toDoubleMatrix();
    }

    @Test
    void activationsOfSeveralInputsHaveNoSaturation() {
        for (String name : new String[] {"softmax", "abrelu"}) {
            MultiLayerNetwork network = new MultiLayerNetwork(
                    builder().list().layer(dense(4, 3, Activations.get(name))).build());
            network.init();
            LayerSignal signal = Signals.of(network, normal(5, 4)).get(1);
            assertThat(signal.saturated()).isEmpty();
            assertThat(signal.meanSquaredSingularValue()).isEmpty();
            assertThat(signal.gradient()).isPresent();
        }
    }

    @Test
    void channelsLast() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .dataFormat(CNN2DFormat.NHWC)
                        .activation(new Tanh())
                        .build())
                .setInputType(InputType.convolutional(8, 8, 2, CNN2DFormat.NHWC))
                .build());
        network.init();
        INDArray batch = normal(6, 8, 8, 2);
        LayerSignal signal = Signals.of(network, batch).get(1);
        checkValues(signal, network.feedForward(batch).get(1).permute(0, 3, 1, 2));
    }

    /** What the user draws next does not depend on whether somebody looked. */
    @Test
    void theGeneratorIsLeftAlone() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                builder().list().layer(dense(4, 3, new Tanh())).build());
        network.init();
        Nd4j.getRandom().setSeed(5);
        double expected = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(5);
        Signals.of(network, normal(5, 4));
        assertThat(Nd4j.getRandom().nextDouble()).isEqualTo(expected);
    }

    @Test
    void networkWithoutParametersIsRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                builder().list().layer(dense(4, 3, new Tanh())).build());
        assertThatIllegalStateException()
                .isThrownBy(() -> Signals.of(network, normal(5, 4)))
                .withMessageContaining("call init()");
    }

    @Test
    void momentsOfAnyArray() {
        INDArray floats = normal(60, 301);
        for (INDArray array : new INDArray[] {
            floats,
            floats.dup('f'),
            floats.transpose(),
            floats.castTo(DataType.DOUBLE),
            floats.get(NDArrayIndex.interval(7, 41), NDArrayIndex.all()),
            floats.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 200)),
            floats.get(NDArrayIndex.interval(5, 50), NDArrayIndex.interval(3, 200))
                    .castTo(DataType.DOUBLE),
            floats.getColumn(3),
            Nd4j.zeros(DataType.FLOAT, 3, 4)
        }) {
            double[] values = array.dup().ravel().toDoubleVector();
            Moments moments = Moments.of(array);
            assertThat(moments.mean()).isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1e-9));
            assertThat(moments.secondMoment())
                    .isCloseTo(Arrays.stream(values).map(v -> v * v).average().orElseThrow(), within(1e-9));
            assertThat(moments.zeros())
                    .isEqualTo(Arrays.stream(values)
                            .map(v -> v == 0 ? 1 : 0)
                            .average()
                            .orElseThrow());
        }
        assertThat(Moments.of(floats.dup().putScalar(9, Float.NaN)).mean()).isNaN();
    }

    /** A mean of a million spreads leaves nothing of E[x²] − mean², in which the two are nearly equal. */
    @Test
    void momentsFarFromZero() {
        INDArray values = normal(500, 4).castTo(DataType.DOUBLE).muli(1e-3).addi(1e6);
        double deviation = Moments.of(normal(500, 4)).standardDeviation() * 1e-3;
        assertThat(Moments.of(values).standardDeviation()).isCloseTo(deviation, withinPercentage(0.01));
        assertThat(Moments.of(values).mean()).isCloseTo(1e6, within(1e-3));
        values.getColumn(1).muli(-1);
        UnitMoments units = UnitMoments.of(values, 1);
        assertThat(units.spread()).isCloseTo(deviation, withinPercentage(5));
        assertThat(units.spread()).isNotCloseTo(0, within(1e-4));
        assertThat(units.standardDeviation()).isCloseTo(Math.sqrt(0.75) * 1e6, withinPercentage(0.01));
        assertThat(units.mean()).isCloseTo(5e5, within(1e-2));
        assertThat(UnitMoments.of(Nd4j.ones(DataType.FLOAT, 64, 3).muli(0.1), 1).spread())
                .isZero();
    }
}
