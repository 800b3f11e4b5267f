package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jx.activations.Swish;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What DL4J does with a network works on with oneDNN, and gives the same. */
@NeedsOneDnn
class EverythingGoesOnTest {
    private static final int SIZE = 9;

    /** A smooth network, so that rounding stays rounding: convolution, batch norm, pooling, dense. */
    private static MultiLayerNetwork network(UnaryOperator<NeuralNetConfiguration.Builder> with) {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(1e-2))
                .activation(new Swish())
                .weightInit(WeightInit.XAVIER)
                .convolutionMode(ConvolutionMode.Same);
        MultiLayerNetwork network = new MultiLayerNetwork(with.apply(builder)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).build())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer.Builder().activation(new Swish()).build())
                .layer(new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder().nOut(8).build())
                .layer(output())
                .setInputType(InputType.convolutional(SIZE, SIZE, 3))
                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork network() {
        return network(builder -> builder);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(4)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static DataSet batch(int seed, int n, int size) {
        Nd4j.getRandom().setSeed(seed + 1); // 0 is the time of day
        INDArray images = Nd4j.randn(DataType.FLOAT, n, 3, size, size);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, n, 4);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, (i + seed) % 4, 1);
        }
        return new DataSet(images, labels);
    }

    private static void train(MultiLayerNetwork network, int from, int to) {
        for (int step = from; step < to; step++) {
            DataSet batch = batch(step, 3 + step % 3, SIZE);
            Nd4j.getRandom().setSeed(step + 1); // for noise
            network.fit(batch);
        }
    }

    private static void assertSame(MultiLayerNetwork on, MultiLayerNetwork off) {
        assertThat(on.score()).isCloseTo(off.score(), Offset.offset(1e-4 * Math.max(1, off.score())));
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-4);
    }

    private static void trainsTheSame(UnaryOperator<NeuralNetConfiguration.Builder> with) {
        MultiLayerNetwork on = network(with);
        MultiLayerNetwork off = network(with);
        OneDnn.require(on);
        train(on, 0, 8);
        train(off, 0, 8);
        assertSame(on, off);
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(
                new Sgd(0.05),
                new Nesterovs(0.02, 0.9),
                new Adam(1e-2),
                new AMSGrad(1e-2),
                new Nadam(1e-2),
                new AdaMax(1e-2),
                new AdaGrad(0.05),
                new AdaDelta(),
                new RmsProp(1e-2));
    }

    /** Enabled between two steps, the updater's state and its views of the gradients are still the ones in use. */
    @ParameterizedTest
    @MethodSource("updaters")
    void everyUpdaterWhenEnabledInMidTraining(IUpdater updater) {
        MultiLayerNetwork on = network(builder -> builder.updater(updater));
        MultiLayerNetwork off = network(builder -> builder.updater(updater));
        train(on, 0, 3);
        train(off, 0, 3);
        OneDnn.require(on);
        train(on, 3, 8);
        train(off, 3, 8);
        assertSame(on, off);
    }

    @ParameterizedTest
    @EnumSource(GradientNormalization.class)
    void everyGradientNormalization(GradientNormalization normalization) {
        trainsTheSame(builder -> builder.gradientNormalization(normalization).gradientNormalizationThreshold(0.1));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void everyWorkspaceMode(WorkspaceMode mode) {
        trainsTheSame(builder -> builder.trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode));
    }

    @Test
    void regularizationAndConstraints() {
        trainsTheSame(builder -> builder.l1(1e-3).l2(1e-2).constrainWeights(new MaxNormConstraint(0.5, 1)));
    }

    @Test
    void weightNoise() {
        trainsTheSame(builder -> builder.weightNoise(new DropConnect(0.8)));
    }

    @Test
    void dropout() {
        MultiLayerNetwork on = network(builder -> builder.dropOut(0.8));
        OneDnn.enable(on);
        double first = 0;
        for (int i = 0; i < 60; i++) {
            on.fit(batch(1, 6, SIZE));
            first = i == 0 ? on.score() : first;
        }
        assertThat(on.score()).isLessThan(first);
    }

    @Test
    void changingBatchAndImageSizes() {
        MultiLayerNetwork on = anySize();
        MultiLayerNetwork off = anySize();
        OneDnn.require(on);
        for (int step = 0; step < 30; step++) {
            DataSet batch = batch(step, 1 + step % 5, 5 + step % 11);
            on.fit(batch);
            off.fit(batch);
        }
        assertSame(on, off);
    }

    private static MultiLayerNetwork anySize() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(new Swish())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nIn(3).nOut(7).build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(7)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    @Test
    void evaluationAndScoresBetweenSteps() {
        MultiLayerNetwork on = network();
        MultiLayerNetwork off = network();
        OneDnn.require(on);
        for (MultiLayerNetwork network : List.of(on, off)) {
            train(network, 0, 2);
            Evaluation evaluation = network.evaluate(
                    new ListDataSetIterator<>(batch(9, 12, SIZE).asList(), 5));
            assertThat(evaluation.getNumRowCounter()).isEqualTo(12);
            network.score(batch(9, 5, SIZE), true);
            network.feedForward(batch(8, 2, SIZE).getFeatures(), true);
            train(network, 2, 5);
        }
        assertSame(on, off);
        assertThat(on.score(batch(9, 5, SIZE))).isCloseTo(off.score(batch(9, 5, SIZE)), Offset.offset(1e-4));
    }

    @Test
    void activationsAndInputGradients() {
        MultiLayerNetwork on = network();
        MultiLayerNetwork off = network();
        OneDnn.require(on);
        train(on, 0, 2);
        train(off, 0, 2);
        DataSet batch = batch(5, 4, SIZE);
        for (boolean training : new boolean[] {true, false}) {
            List<INDArray> expected = off.feedForward(batch.getFeatures(), training);
            List<INDArray> actual = on.feedForward(batch.getFeatures(), training);
            for (int i = 0; i < expected.size(); i++) {
                if (i == 3 && !training) {
                    continue; // DL4J's activation layer has overwritten it
                }
                assertThat(actual.get(i).shape()).isEqualTo(expected.get(i).shape());
                assertThat(Reference.relative(actual.get(i), expected.get(i))).isLessThan(1e-5);
            }
        }
        INDArray expected = off.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null)
                .getSecond();
        INDArray actual = on.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null)
                .getSecond();
        assertThat(Reference.relative(actual, expected)).isLessThan(1e-5);
    }

    /** ReLU may overwrite its input only where no listener looks. */
    @Test
    void listenersSeeWhatTheLayersComputed() {
        List<INDArray> seen = new ArrayList<>();
        MultiLayerNetwork on = rectified();
        MultiLayerNetwork off = rectified();
        OneDnn.require(on);
        for (MultiLayerNetwork network : List.of(on, off)) {
            network.setListeners(new BaseTrainingListener() {
                @Override
                public void onForwardPass(Model model, List<INDArray> activations) {
                    seen.add(activations.get(2).dup().detach());
                }
            });
            network.fit(batch(1, 4, SIZE));
        }
        assertThat(seen.get(1).minNumber().doubleValue()).isNegative();
        assertThat(Reference.relative(seen.get(0), seen.get(1))).isLessThan(1e-5);
        on.setListeners(List.of());
        off.setListeners(List.of());
        train(on, 0, 4);
        train(off, 0, 4);
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-3);
    }

    private static MultiLayerNetwork rectified() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(7)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer.Builder().activation(Activation.RELU).build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                .layer(output())
                .setInputType(InputType.convolutional(SIZE, SIZE, 3))
                .build());
        network.init();
        return network;
    }

    @Test
    void savedInMidTrainingAndReadAgain(@TempDir Path folder) throws IOException {
        MultiLayerNetwork on = network();
        MultiLayerNetwork off = network();
        OneDnn.require(on);
        train(on, 0, 3);
        train(off, 0, 3);
        File file = folder.resolve("network.zip").toFile();
        ModelSerializer.writeModel(on, file, true);
        assertThat(on.getLayerWiseConfigurations().toJson())
                .isEqualTo(off.getLayerWiseConfigurations().toJson());
        MultiLayerNetwork read = MultiLayerNetwork.load(file, true);
        assertThat(read.getLayer(0).getClass().getName()).startsWith("org.deeplearning4j");
        OneDnn.require(read);
        train(on, 3, 6);
        train(read, 3, 6);
        train(off, 3, 6);
        assertSame(on, off);
        assertSame(read, off);
    }

    @Test
    void clonesStartWithoutAndTrain() {
        MultiLayerNetwork on = network();
        OneDnn.require(on);
        train(on, 0, 2);
        MultiLayerNetwork clone = on.clone();
        assertThat(clone.getLayer(0).getClass().getName()).startsWith("org.deeplearning4j");
        train(on, 2, 5);
        train(clone, 2, 5);
        assertSame(on, clone);
    }

    @Test
    void transferLearningWithFrozenLayers() {
        MultiLayerNetwork on = network();
        OneDnn.require(on);
        train(on, 0, 2);
        MultiLayerNetwork frozen = new TransferLearning.Builder(on)
                .setFeatureExtractor(2)
                .nOutReplace(6, 4, WeightInit.XAVIER)
                .build();
        MultiLayerNetwork twin = frozen.clone();
        OneDnnStatus status = OneDnn.enable(frozen);
        assertThat(status.layers())
                .filteredOn(layer -> layer.engine() == OneDnnStatus.Engine.ONEDNN)
                .hasSize(6);
        twin.params().assign(frozen.params());
        train(frozen, 2, 6);
        train(twin, 2, 6);
        assertSame(frozen, twin);
    }

    @Test
    void truncatedBackpropagationBesideADenseLayer() {
        MultiLayerNetwork on = recurrent();
        MultiLayerNetwork off = recurrent();
        assertThat(OneDnn.enable(on).layers().get(0).engine()).isEqualTo(OneDnnStatus.Engine.ONEDNN);
        Nd4j.getRandom().setSeed(2);
        INDArray features = Nd4j.randn(DataType.FLOAT, 3, 5, 8);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 3, 4, 8);
        for (int i = 0; i < 3; i++) {
            for (int t = 0; t < 8; t++) {
                labels.putScalar(new int[] {i, (i + t) % 4, t}, 1);
            }
        }
        for (int step = 0; step < 4; step++) {
            on.fit(features, labels);
            off.fit(features, labels);
        }
        assertSame(on, off);
    }

    private static MultiLayerNetwork recurrent() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(1e-2))
                .activation(new Swish())
                .list()
                .layer(new DenseLayer.Builder().nOut(7).build())
                .layer(new LSTM.Builder().nOut(6).activation(Activation.TANH).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(4)
                .setInputType(InputType.recurrent(5))
                .build());
        network.init();
        return network;
    }

    @Test
    void severalNetworksInSeveralThreads() throws Exception {
        List<Double> alone = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            alone.add(trained(i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Double>> together = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                Callable<Double> training = () -> trained(seed);
                together.add(threads.submit(training));
            }
            for (int i = 0; i < 4; i++) {
                assertThat(together.get(i).get()).isCloseTo(alone.get(i), Offset.offset(1e-4));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static double trained(int seed) {
        MultiLayerNetwork network;
        DataSet batch;
        synchronized (EverythingGoesOnTest.class) { // one generator of random numbers for all
            network = network(builder -> builder.seed(seed));
            batch = batch(seed, 4, SIZE);
        }
        OneDnn.enable(network);
        for (int step = 0; step < 30; step++) {
            network.fit(batch);
        }
        return network.score();
    }

    /** As reinforcement learning does: gradients of one forward pass by errors from outside. */
    @Test
    void twoBackwardPassesAfterOneForwardPass() {
        List<INDArray> gradients = new ArrayList<>();
        for (boolean enabled : new boolean[] {true, false}) {
            MultiLayerNetwork network = rectified();
            if (enabled) {
                OneDnn.require(network);
            }
            INDArray images = batch(4, 3, SIZE).getFeatures();
            Consumer<Integer> pass = i -> {
                network.setInput(images);
                network.feedForward(true, false);
                INDArray error = Nd4j.ones(DataType.FLOAT, 3, 4).muli(i);
                network.backpropGradient(error, null);
                network.backpropGradient(error, null);
                gradients.add(network.getFlattenedGradients().dup());
            };
            assertThat(catching(() -> pass.accept(1))).isEqualTo(catching(() -> pass.accept(1)));
        }
        if (gradients.size() == 4) {
            assertThat(Reference.relative(gradients.get(0), gradients.get(2))).isLessThan(1e-4);
        }
    }

    private static String catching(Runnable action) {
        try {
            action.run();
            return "";
        } catch (RuntimeException e) {
            return e.getClass().getName();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "HALF"})
    void otherTypesStayAsTheyAre(DataType type) {
        MultiLayerNetwork network = network(builder -> builder.dataType(type));
        OneDnnStatus status = OneDnn.enable(network);
        assertThat(status.enabled()).isFalse();
        assertThat(status.reason()).contains(type.toString());
        assertThatThrownBy(() -> OneDnn.require(network))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("oneDNN is for FLOAT");
        assertThat(network.getLayer(0).getClass().getName()).startsWith("org.deeplearning4j");
    }

    @Test
    void enabledTwiceIsHarmless() {
        MultiLayerNetwork on = network();
        MultiLayerNetwork off = network();
        OneDnn.require(on);
        train(on, 0, 2);
        OneDnn.require(on);
        train(on, 2, 5);
        train(off, 0, 5);
        assertSame(on, off);
    }

    /** Prepared primitives are few, and neither they nor their memory grow with ever new batch sizes. */
    @Test
    void nothingGrowsWithNewShapes() throws IOException {
        MultiLayerNetwork network = anySize();
        OneDnn.require(network);
        long early = 0;
        for (int step = 0; step < 400; step++) {
            network.fit(batch(1, 1 + step % 97, 5 + step % 7));
            if (step == 150) {
                early = residentAfterCollection();
            }
        }
        assertThat(residentAfterCollection() - early).isLessThan(64 << 10);
    }

    /** Kibibytes. */
    private static long residentAfterCollection() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        if (!java.nio.file.Files.exists(status)) {
            return 0;
        }
        return java.nio.file.Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
