package io.github.dl4jx.init.health;

import static io.github.dl4jx.init.NormalNumbers.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Figures against plain loops, the training against one without a monitor, warnings against networks with the fault. */
class SignalMonitorTest {
    private static final double RATE = 0.1;

    private final List<Measurement> seen = Collections.synchronizedList(new ArrayList<>());

    private SignalMonitor monitor(int every) {
        return SignalMonitor.builder().every(every).to(seen::add).build();
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .weightInit(He.normal())
                .updater(new Sgd(RATE));
    }

    private static DenseLayer dense(int nOut, IActivation activation) {
        return new DenseLayer.Builder().nOut(nOut).activation(activation).build();
    }

    private static OutputLayer regression(int nOut) {
        return new OutputLayer.Builder(LossFunction.L2)
                .nOut(nOut)
                .activation(new Identity())
                .build();
    }

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder builder, InputType input, Layer... layers) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(builder.list(layers).setInputType(input).build());
        network.init();
        return network;
    }

    private static double std(double[][] values) {
        double[] all = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        return Math.sqrt(
                Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }

    private static double rootMeanSquare(INDArray array) {
        double[] values = array.dup().reshape(-1).toDoubleVector();
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow());
    }

    /** x·W + b. */
    private static double[][] affine(double[][] x, INDArray weights, INDArray bias) {
        double[][] z = new double[x.length][(int) weights.size(1)];
        for (int b = 0; b < x.length; b++) {
            for (int j = 0; j < z[b].length; j++) {
                z[b][j] = bias.getDouble(j);
                for (int i = 0; i < x[b].length; i++) {
                    z[b][j] += x[b][i] * weights.getDouble(i, j);
                }
            }
        }
        return z;
    }

    /** Two dense layers with Σ(y − t)² an example: everything by hand. */
    @Test
    void figuresOfADenseNetwork() {
        MultiLayerNetwork network =
                network(builder(), InputType.feedForward(6), dense(5, new Tanh()), dense(4, new ReLU()), regression(3));
        INDArray x = normal(40, 6);
        INDArray target = normal(40, 3).muli(2);
        INDArray[] w = new INDArray[3];
        INDArray[] b = new INDArray[3];
        for (int i = 0; i < 3; i++) {
            w[i] = network.getParam(i + "_W").dup();
            b[i] = network.getParam(i + "_b").dup();
        }
        network.setListeners(monitor(1));
        network.fit(x, target);

        double[][] h0 = affine(x.toDoubleMatrix(), w[0], b[0]);
        Arrays.stream(h0).forEach(row -> Arrays.setAll(row, i -> Math.tanh(row[i])));
        double[][] h1 = affine(h0, w[1], b[1]);
        Arrays.stream(h1).forEach(row -> Arrays.setAll(row, i -> Math.max(0, row[i])));
        double[][] y = affine(h1, w[2], b[2]);
        double[][] toH1 = new double[40][4];
        double[][] toH0 = new double[40][5];
        double[][] gradientOfW1 = new double[5][4];
        for (int n = 0; n < 40; n++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 3; k++) {
                    toH1[n][j] += 2 * (y[n][k] - target.getDouble(n, k)) * w[2].getDouble(j, k);
                }
                double toZ = h1[n][j] > 0 ? toH1[n][j] : 0;
                for (int i = 0; i < 5; i++) {
                    toH0[n][i] += toZ * w[1].getDouble(i, j);
                    gradientOfW1[i][j] += toZ * h0[n][i] / 40;
                }
            }
        }
        Measurement measurement = seen.get(0);
        assertThat(measurement.iteration()).isZero();
        assertThat(measurement.examples()).isEqualTo(40);
        assertThat(measurement.network()).isEqualTo(1);
        assertThat(measurement.score()).isEqualTo(network.score());
        assertThat(measurement.layers())
                .extracting(layer -> layer.signal().name())
                .containsExactly("input", "0", "1");
        assertThat(measurement.layers())
                .extracting(layer -> layer.signal().type())
                .containsExactly("input", "DenseLayer", "DenseLayer");
        MonitoredLayer input = measurement.layers().get(0);
        MonitoredLayer first = measurement.layers().get(1);
        MonitoredLayer second = measurement.layers().get(2);
        assertThat(input.signal().standardDeviation()).isCloseTo(std(x.toDoubleMatrix()), within(1e-6));
        assertThat(input.weights()).isEmpty();
        assertThat(first.signal().standardDeviation()).isCloseTo(std(h0), within(1e-6));
        assertThat(second.signal().standardDeviation()).isCloseTo(std(h1), within(1e-6));
        assertThat(second.signal().zeros())
                .isEqualTo(Arrays.stream(h1)
                                .flatMapToDouble(Arrays::stream)
                                .filter(v -> v == 0)
                                .count()
                        / 160.0);
        assertThat(second.signal().saturated()).hasValue(second.signal().zeros());
        assertThat(first.signal().gradient()).hasValueCloseTo(std(toH0), within(1e-4));
        assertThat(second.signal().gradient()).hasValueCloseTo(std(toH1), within(1e-4));
        assertThat(second.weights()).hasValueCloseTo(rootMeanSquare(w[1]), within(1e-6));
        double gradient = rootMeanSquare(Nd4j.createFromArray(gradientOfW1));
        assertThat(second.weightGradient()).hasValueCloseTo(gradient, within(1e-4));
        assertThat(second.step())
                .hasValueCloseTo(rootMeanSquare(network.getParam("1_W").sub(w[1])), within(1e-5))
                .hasValueCloseTo(RATE * gradient, within(1e-5));
        assertThat(second.relativeStep().orElseThrow())
                .isEqualTo(second.step().getAsDouble() / second.weights().getAsDouble());
        assertThat(seen).hasSize(1);
    }

    @Test
    void figuresOfAGraph() {
        ComputationGraph graph = new ComputationGraph(builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("a", dense(5, new Tanh()), "x")
                .addLayer("b", dense(3, new ReLU()), "x")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("c", dense(4, new Tanh()), "both")
                .addLayer("y", regression(2), "c")
                .addLayer("z", regression(1), "a")
                .setOutputs("y", "z")
                .setInputTypes(InputType.feedForward(6))
                .build());
        graph.init();
        INDArray x = normal(40, 6);
        var values = graph.feedForward(x, true);
        INDArray weights = graph.getParam("c_W").dup();
        SignalMonitor monitor = monitor(1);
        graph.setListeners(monitor);
        graph.fit(new INDArray[] {x}, new INDArray[] {normal(40, 2), normal(40, 1)});
        Measurement measurement = seen.get(0);
        assertThat(monitor.latest()).hasValue(measurement);
        assertThat(measurement.layers())
                .extracting(layer -> layer.signal().name())
                .containsExactlyInAnyOrder("x", "a", "b", "both", "c")
                .endsWith("c");
        for (MonitoredLayer layer : measurement.layers()) {
            String name = layer.signal().name();
            assertThat(layer.signal().standardDeviation())
                    .as(name)
                    .isCloseTo(std(Objects.requireNonNull(values.get(name)).toDoubleMatrix()), within(1e-6));
            assertThat(layer.signal().gradient().isPresent())
                    .as(name)
                    .isEqualTo(!List.of("x", "both").contains(name));
        }
        MonitoredLayer c = measurement.layers().get(4);
        assertThat(c.weights()).hasValueCloseTo(rootMeanSquare(weights), within(1e-6));
        assertThat(c.step())
                .hasValueCloseTo(rootMeanSquare(graph.getParam("c_W").sub(weights)), within(1e-6));
    }

    /** Convolutions of both formats, normalisation, pooling, dropout, an activation layer, a recurrent layer. */
    private static List<MultiLayerNetwork> allSorts(WorkspaceMode mode) {
        List<MultiLayerNetwork> networks = new ArrayList<>();
        for (CNN2DFormat format : CNN2DFormat.values()) {
            networks.add(network(
                    builder().trainingWorkspaceMode(mode).updater(new Adam(0.01)),
                    InputType.convolutional(8, 8, 2, format),
                    new ConvolutionLayer.Builder(3, 3)
                            .nOut(4)
                            .activation(new Tanh())
                            .dataFormat(format)
                            .build(),
                    new BatchNormalization(),
                    new ActivationLayer(new ReLU()),
                    new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build(),
                    new DenseLayer.Builder()
                            .nOut(6)
                            .activation(Activation.ELU)
                            .dropOut(0.5)
                            .build(),
                    regression(3)));
        }
        networks.add(network(
                builder().trainingWorkspaceMode(mode),
                InputType.recurrent(3),
                new LSTM.Builder().nOut(4).activation(new Tanh()).build(),
                new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(new Identity())
                        .build()));
        return networks;
    }

    private static DataSet batch(MultiLayerNetwork network) {
        Layer first = network.getLayer(0).conf().getLayer();
        if (first instanceof LSTM) {
            return new DataSet(normal(9, 3, 7), normal(9, 2, 7));
        }
        boolean nhwc = ((ConvolutionLayer) first).getCnn2dDataFormat() == CNN2DFormat.NHWC;
        return new DataSet(nhwc ? normal(9, 8, 8, 2) : normal(9, 2, 8, 8), normal(9, 3));
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void trainingIsWhatItWouldBeWithout(WorkspaceMode mode) {
        List<MultiLayerNetwork> with = allSorts(mode);
        List<MultiLayerNetwork> without = allSorts(mode);
        for (int n = 0; n < with.size(); n++) {
            String before = with.get(n).getLayerWiseConfigurations().toJson();
            with.get(n).setListeners(monitor(2));
            for (MultiLayerNetwork network : List.of(with.get(n), without.get(n))) {
                Nd4j.getRandom().setSeed(8);
                DataSet batch = batch(network);
                IntStream.range(0, 6).forEach(i -> network.fit(batch));
            }
            assertThat(with.get(n).params()).isEqualTo(without.get(n).params());
            assertThat(with.get(n).getLayerWiseConfigurations().toJson())
                    .isEqualTo(without.get(n).getLayerWiseConfigurations().toJson())
                    .hasSameSizeAs(before);
        }
        assertThat(seen).extracting(Measurement::iteration).containsExactly(0, 2, 4, 0, 2, 4, 0, 2, 4);
        for (Measurement measurement : seen) {
            assertThat(measurement.layers()).allSatisfy(layer -> {
                assertThat(layer.signal().standardDeviation()).isPositive();
                assertThat(layer.signal().type().equals("input")
                                || layer.signal().units() >= 4)
                        .isTrue();
            });
        }
        // the same numbers, whatever the layout; convolution, activation layer and dense layer have gradients
        Measurement nchw = seen.get(0);
        assertThat(nchw.layers())
                .filteredOn(layer -> layer.signal().gradient().isPresent())
                .hasSize(3);
        assertThat(seen.get(3).layers())
                .filteredOn(layer -> layer.signal().gradient().isPresent())
                .hasSize(3);
        assertThat(nchw.layers()).extracting(layer -> layer.signal().units()).containsExactly(2L, 4L, 4L, 4L, 4L, 6L);
        assertThat(seen.get(3).layers())
                .extracting(layer -> layer.signal().units())
                .containsExactly(2L, 4L, 4L, 4L, 4L, 6L);
        MonitoredLayer lstm = seen.get(6).layers().get(1);
        assertThat(lstm.signal().gradient()).isEmpty();
        assertThat(lstm.weightGradient()).isPresent();
    }

    @Test
    void otherPassesAreNotMeasured() {
        MultiLayerNetwork network = network(builder(), InputType.feedForward(6), dense(5, new Tanh()), regression(3));
        network.setListeners(monitor(3));
        DataSet batch = new DataSet(normal(40, 6), normal(40, 3));
        network.output(batch.getFeatures());
        network.feedForward(batch.getFeatures(), true);
        network.score(batch);
        network.evaluateRegression(new SingletonDataSetIterator(batch));
        network.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null);
        assertThat(seen).isEmpty();
        for (int i = 0; i < 8; i++) {
            network.fit(batch);
            network.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null);
            network.output(batch.getFeatures());
        }
        assertThat(seen).extracting(Measurement::iteration).containsExactly(0, 3, 6);
        assertThat(network.getLayerWiseConfigurations().toJson()).doesNotContain("Probe");
    }

    @Test
    void pretrainingIsNotMeasured() {
        MultiLayerNetwork network = network(
                builder(),
                InputType.feedForward(6),
                new AutoEncoder.Builder().nOut(4).activation(Activation.TANH).build(),
                regression(3));
        network.setListeners(monitor(1));
        network.pretrainLayer(0, normal(40, 6));
        assertThat(seen).isEmpty();
        network.fit(normal(40, 6), normal(40, 3));
        assertThat(seen).hasSize(1);
    }

    @Test
    void frozenLayersHaveNoGradient() {
        MultiLayerNetwork network = network(
                builder(),
                InputType.feedForward(6),
                new FrozenLayer(dense(5, new Tanh())),
                dense(4, new Tanh()),
                regression(3));
        network.setListeners(monitor(1));
        network.fit(normal(40, 6), normal(40, 3));
        MonitoredLayer frozen = seen.get(0).layers().get(1);
        assertThat(frozen.signal().gradient()).isEmpty();
        assertThat(frozen.step()).isEmpty();
        assertThat(seen.get(0).layers().get(2).step()).isPresent();
    }

    @Test
    void truncatedBackpropagationIsMeasuredSegmentBySegment() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list(
                        new LSTM.Builder().nIn(3).nOut(4).activation(new Tanh()).build(),
                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                .nOut(2)
                                .activation(new Identity())
                                .build())
                .setInputType(InputType.recurrent(3))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(4)
                .build());
        network.init();
        network.setListeners(monitor(1));
        network.fit(normal(9, 3, 12), normal(9, 2, 12));
        assertThat(seen).extracting(Measurement::iteration).containsExactly(0, 1, 2);
    }

    /** As a ParallelWrapper does it: replicas in threads of their own share the listener. */
    @Test
    void severalNetworksAtOnce() throws InterruptedException, ExecutionException {
        SignalMonitor monitor = monitor(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> trainings = new ArrayList<>();
            for (int width : new int[] {5, 7}) {
                MultiLayerNetwork network =
                        network(builder(), InputType.feedForward(6), dense(width, new Tanh()), regression(3));
                network.setListeners(monitor);
                trainings.add(threads.submit(
                        () -> IntStream.range(0, 20).forEach(i -> network.fit(normal(40, 6), normal(40, 3)))));
            }
            for (Future<?> training : trainings) {
                training.get();
            }
        } finally {
            threads.shutdown();
        }
        for (int number = 1; number <= 2; number++) {
            int one = number;
            List<Measurement> own =
                    seen.stream().filter(m -> m.network() == one).toList();
            assertThat(own).extracting(Measurement::iteration).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
            assertThat(own)
                    .extracting(m -> m.layers().get(1).signal().units())
                    .containsOnly(own.get(0).layers().get(1).signal().units());
        }
    }

    /** Fails once on the way back. */
    private static final class Failing extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;
        private boolean fails = true;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in;
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            if (fails) {
                fails = false;
                throw new IllegalStateException("on purpose");
            }
            return new Pair<>(epsilon, null);
        }
    }

    @Test
    void networkIsItsOwnAfterAnException() {
        MultiLayerNetwork network = network(
                builder().trainingWorkspaceMode(WorkspaceMode.NONE),
                InputType.feedForward(6),
                dense(5, new Tanh()),
                dense(5, new Failing()),
                regression(3));
        String before = network.getLayerWiseConfigurations().toJson();
        network.setListeners(monitor(1));
        assertThatThrownBy(() -> network.fit(normal(40, 6), normal(40, 3))).hasMessage("on purpose");
        // what stays behind until the next pass is written as what it stands for, and a clone computes the same
        assertThat(network.getLayerWiseConfigurations().toJson()).doesNotContain("Probe");
        assertThat(network.clone().output(normal(40, 6))).isEqualTo(network.output(normal(40, 6)));
        network.fit(normal(40, 6), normal(40, 3));
        assertThat(seen).hasSize(1);
        String counts = "(iterationCount|fails)\" : \\w+";
        assertThat(network.getLayerWiseConfigurations().toJson().replaceAll(counts, ""))
                .isEqualTo(before.replaceAll(counts, ""));
    }

    /** A network that is thrown away in the middle of a step is never heard of again. */
    @Test
    void layersOfAnAbandonedNetworkAreNotHeld() throws InterruptedException {
        SignalMonitor monitor = monitor(1);
        List<WeakReference<?>> layers = abandoned(monitor);
        for (int i = 0; i < 100 && layers.stream().anyMatch(layer -> layer.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(layers).hasSize(4).allSatisfy(layer -> assertThat((Object) layer.get())
                .isNull());
        assertThat(monitor.latest()).isEmpty();
    }

    private static List<WeakReference<?>> abandoned(SignalMonitor monitor) {
        MultiLayerNetwork network = network(
                builder(), InputType.feedForward(6), dense(5, new Failing()), dense(5, new Tanh()), regression(3));
        network.setListeners(monitor);
        assertThatThrownBy(() -> network.fit(normal(40, 6), normal(40, 3))).hasMessage("on purpose");
        return IntStream.range(0, 2)
                .mapToObj(network::getLayer)
                .flatMap(layer -> Stream.<WeakReference<?>>of(
                        new WeakReference<>(layer),
                        new WeakReference<>(layer.conf().getLayer())))
                .toList();
    }

    @Test
    void otherListenersSeeTheNetworksOwnConfiguration() {
        MultiLayerNetwork network = network(builder(), InputType.feedForward(6), dense(5, new Tanh()), regression(3));
        List<String> written = new ArrayList<>();
        network.setListeners(
                new BaseTrainingListener() {
                    @Override
                    public void onBackwardPass(Model model) {
                        // before the monitor takes its probes away
                        written.add(network.getLayerWiseConfigurations().toJson());
                    }
                },
                monitor(1));
        network.fit(normal(40, 6), normal(40, 3));
        assertThat(written).singleElement().asString().contains("Tanh").doesNotContain("Probe");
    }

    private List<String> warnings(Runnable training) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            training.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(SignalMonitor.class.getName()))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    private List<String> warnings(MultiLayerNetwork network, INDArray x, int steps) {
        network.setListeners(monitor(1));
        INDArray labels = normal(x.size(0), network.layerSize(network.getnLayers() - 1));
        return warnings(() -> IntStream.range(0, steps).forEach(i -> network.fit(x, labels)));
    }

    private static MultiLayerNetwork still(Layer... layers) {
        return network(builder().updater(new Sgd(1e-6)), InputType.feedForward(20), layers);
    }

    @Test
    void healthyNetworkIsSilent() {
        assertThat(warnings(still(dense(30, new ReLU()), dense(30, new Tanh()), regression(3)), normal(64, 20), 5))
                .isEmpty();
        assertThat(seen).hasSize(5).allSatisfy(m -> assertThat(m.troubles()).isEmpty());
    }

    @Test
    void dyingLayer() {
        MultiLayerNetwork network = still(dense(30, new ReLU()), regression(3));
        for (int unit = 0; unit < 13; unit++) {
            network.getParam("0_b").putScalar(unit, -1e3);
        }
        assertThat(warnings(network, normal(64, 20), 5))
                .singleElement()
                .asString()
                .startsWith("iteration 0: layer 0 (DenseLayer) is dying: 13 of 30 units give the same value for all 64"
                        + " examples; lower the learning rate");
        assertThat(warnings(still(dense(30, new ReLU()), regression(3)), normal(64, 20), 1))
                .isEmpty();
    }

    @Test
    void dyingIsNotToldFromFewExamples() {
        MultiLayerNetwork network = still(dense(30, new ReLU()), regression(3));
        network.getParam("0_b").subi(1e3);
        assertThat(warnings(network, normal(31, 20), 1))
                .singleElement()
                .asString()
                .contains("vanishes"); // which it is, whatever the reason
    }

    @Test
    void saturatedLayer() {
        MultiLayerNetwork network = network(
                builder().weightInit(new Gaussian(3)).updater(new Sgd(1e-6)),
                InputType.feedForward(20),
                dense(30, new Tanh()),
                dense(30, new Tanh()),
                regression(3));
        assertThat(warnings(network, normal(64, 20), 5))
                .singleElement()
                .asString()
                .matches(
                        "iteration 0: layer 0 \\(DenseLayer\\) is saturated: at \\d\\d % of its values the activation's"
                                + " slope is below 0.01, zeros and what is flat by design not counted; smaller weights \\(xavier.*for tanh\\).*"
                                + "; so do layers 1");
    }

    @Test
    void shutRectifierIsNotSaturated() {
        MultiLayerNetwork network = still(dense(30, new ReLU()), regression(3));
        network.getParam("0_b").subi(3); // most of the time shut, but not dead
        assertThat(warnings(network, normal(512, 20), 1)).isEmpty();
        assertThat(seen.get(0).layers().get(1).signal().zeros()).isBetween(0.8, 0.999);
    }

    @Test
    void vanishingSignal() {
        MultiLayerNetwork network = network(
                builder().weightInit(new Gaussian(0.01)).updater(new Sgd(1e-9)),
                InputType.feedForward(20),
                dense(20, new Tanh()),
                dense(20, new Tanh()),
                dense(20, new Tanh()),
                dense(20, new Tanh()),
                regression(3));
        assertThat(warnings(network, normal(64, 20), 3))
                .singleElement()
                .asString()
                .contains("vanishes: its ");
        assertThat(seen.get(0).troubles()).anySatisfy(trouble -> assertThat(trouble.toString())
                .contains("vanishes: its values differ from one example to another by a standard deviation of ")
                .contains("larger weights (xavier for tanh)"));
    }

    @Test
    void vanishingGradient() {
        Layer[] layers = new Layer[13];
        Arrays.fill(layers, 0, 12, null);
        for (int i = 0; i < 12; i++) {
            layers[i] = new DenseLayer.Builder()
                    .nOut(20)
                    .activation(Activation.SIGMOID)
                    .weightInit(new Gaussian(0.3))
                    .build();
        }
        layers[12] = regression(3);
        List<String> warnings = warnings(still(layers), normal(64, 20), 2);
        assertThat(warnings).singleElement().asString().contains(" vanishes: its ");
        assertThat(seen.get(0).troubles()).anySatisfy(trouble -> assertThat(trouble.detail())
                .matches("its gradient is .*e-\\d+ times that of layer 11"));
    }

    @Test
    void explodingSignalAndGradient() {
        MultiLayerNetwork network = network(
                builder().weightInit(new Gaussian(40)).updater(new Sgd(1e-30)),
                InputType.feedForward(20),
                dense(20, new ReLU()),
                dense(20, new ReLU()),
                dense(20, new ReLU()),
                regression(3));
        assertThat(warnings(network, normal(64, 20), 3))
                .singleElement()
                .asString()
                .contains("explodes")
                .contains("smaller weights (he");
        assertThat(seen.get(0).troubles())
                .extracting(Trouble::detail)
                .anyMatch(detail -> detail.contains("its values have a standard deviation of"))
                .anyMatch(detail -> detail.contains("its gradient is"));
    }

    @Test
    void stepAsLargeAsTheWeights() {
        MultiLayerNetwork network = network(
                builder().updater(new Sgd(100)), InputType.feedForward(20), dense(30, new Tanh()), regression(3));
        assertThat(warnings(network, normal(64, 20), 1))
                .singleElement()
                .asString()
                .matches(
                        ".*layer 0 \\(DenseLayer\\) explodes: a step is \\d+\\.\\d times as large as its weights; lower.*");
    }

    @Test
    void notANumberInTheData() {
        assertThat(warnings(
                        still(dense(30, new Tanh()), regression(3)),
                        normal(64, 20).putScalar(5, Float.NaN),
                        3))
                .singleElement()
                .asString()
                .startsWith("iteration 0: layer input (input) has no numbers: some of its values are NaN or infinite;"
                        + " clean the data")
                .endsWith("so do layers output");
    }

    @Test
    void builtInThatGivesNan() {
        MultiLayerNetwork network = network(
                builder().updater(new Sgd(1e-6)),
                InputType.feedForward(20),
                dense(30, new Tanh()),
                dense(30, Activation.SWISH.getActivationFunction()),
                dense(30, new Tanh()),
                regression(3));
        network.getParam("1_b").putScalar(0, 100);
        assertThat(warnings(network, normal(64, 20), 1))
                .singleElement()
                .asString()
                .contains("weights' gradients are NaN")
                .contains("layer 1 (DenseLayer)")
                .contains("DL4J's SWISH has NaN gradients from inputs of 50 on: Activations.get(\"swish\")");
    }

    @Test
    void lossThatIsNanIsToldOfAtOnce() {
        MultiLayerNetwork network = still(dense(30, new Tanh()), regression(3));
        network.setListeners(monitor(100));
        INDArray x = normal(64, 20);
        List<String> warnings = warnings(() -> {
            network.fit(x, normal(64, 3));
            network.fit(x, normal(64, 3).putScalar(7, Float.NaN));
            network.fit(x, normal(64, 3));
        });
        assertThat(warnings).singleElement().asString().startsWith("iteration 1: layer output (loss) has no numbers");
    }

    /** Ill, healthy once, ill: no news. Healthy three times, ill: again. */
    @Test
    void warningComesAgainAfterRecovery() {
        MultiLayerNetwork network = still(dense(30, new ReLU()), regression(3));
        network.setListeners(monitor(1));
        INDArray bias = network.getParam("0_b");
        INDArray x = normal(64, 20);
        INDArray y = normal(64, 3);
        String course = "i i h i h h i h h h i i";
        List<Integer> warned = new ArrayList<>();
        String[] states = course.split(" ", -1);
        for (int i = 0; i < states.length; i++) {
            bias.assign(states[i].equals("i") ? -1e3 : 0);
            if (!warnings(() -> network.fit(x, y)).isEmpty()) {
                warned.add(i);
            }
        }
        assertThat(warned).containsExactly(0, 10);
    }

    @Test
    void thresholdsAreTheUsers() {
        SignalMonitor strict = SignalMonitor.builder()
                .every(1)
                .thresholds(Thresholds.DEFAULT.withStep(1e-12).withSaturated(0.9))
                .to(seen::add)
                .build();
        MultiLayerNetwork network = still(dense(30, new Tanh()), regression(3));
        network.setListeners(strict);
        warnings(() -> network.fit(normal(64, 20), normal(64, 3)));
        assertThat(seen.get(0).troubles()).extracting(Trouble::condition).containsExactly(Condition.EXPLODING);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void badIntervalsAreRefused(int every) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalMonitor.builder().every(every))
                .withMessage("every is " + (double) every + "; valid: a finite number > 0");
    }

    @Test
    void badThresholdsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Thresholds.DEFAULT.withDeadUnits(0))
                .withMessage("deadUnits is 0.0; valid: (0.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Thresholds.DEFAULT.withExploding(0.5))
                .withMessage("exploding is 0.5; valid: a number >= 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.DEFAULT.withSaturated(1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.DEFAULT.withVanishing(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.DEFAULT.withStep(-1));
    }
}
