package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
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
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What DL4J does with a network goes on as before, whatever runs its layers. */
@NeedsOneDnn
class TrainingTest {
    private static final int CLASSES = 3;

    private static NeuralNetConfiguration.Builder asItIs(NeuralNetConfiguration.Builder builder) {
        return builder;
    }

    /** Convolution, normalisation, pooling and dense layers; smooth. */
    private static MultiLayerConfiguration configuration(UnaryOperator<NeuralNetConfiguration.Builder> more) {
        return configuration(more, null);
    }

    private static MultiLayerConfiguration configuration(
            UnaryOperator<NeuralNetConfiguration.Builder> more, @Nullable IDropout dropout) {
        return more.apply(new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .dataType(DataType.FLOAT)
                        .updater(new Nesterovs(0.02, 0.9)))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .layer(new BatchNormalization.Builder().eps(1e-2).build())
                .layer(new ActivationLayer(new Mish()))
                .layer(new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(9)
                        .activation(new Mish())
                        .dropOut(dropout)
                        .build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(new DenseLayer.Builder()
                        .nOut(7)
                        .activation(Activation.SIGMOID)
                        .dropOut(dropout)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(9, 8, 3))
                .build();
    }

    private static MultiLayerNetwork initialised(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        return network;
    }

    private static MultiLayerNetwork enabled(MultiLayerNetwork network) {
        assertThat(OneDnn.enable(network).enabled()).isTrue();
        return network;
    }

    private static DataSet batch(int seed) {
        return batch(seed, 3 + seed % 3, 9, 8);
    }

    private static DataSet batch(int seed, int n, int height, int width) {
        Nd4j.getRandom().setSeed(100 + seed); // 0 would be the time
        INDArray labels = Nd4j.zeros(DataType.FLOAT, n, CLASSES);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, (i * 5 + seed) % CLASSES, 1);
        }
        return new DataSet(Nd4j.randn(DataType.FLOAT, n, 3, height, width), labels);
    }

    private static void train(MultiLayerNetwork network, int from, int to) {
        for (int step = from; step < to; step++) {
            DataSet batch = batch(step);
            Nd4j.getRandom().setSeed(100 + step);
            network.fit(batch);
        }
    }

    private static void same(MultiLayerNetwork on, MultiLayerNetwork off) {
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-4);
        assertThat(on.score()).isCloseTo(off.score(), offset(1e-4));
        INDArray x = batch(99).getFeatures();
        Nd4j.getRandom().setSeed(1); // DL4J's weight noise has the biases noisy in inference too
        INDArray output = on.output(x);
        Nd4j.getRandom().setSeed(1);
        assertThat(Reference.relative(output, off.output(x))).isLessThan(1e-4);
        assertThat(on.getIterationCount()).isEqualTo(off.getIterationCount());
        INDArray state = off.getUpdater().getStateViewArray();
        if (state != null) {
            assertThat(Reference.relative(on.getUpdater().getStateViewArray(), state))
                    .isLessThan(1e-3);
        }
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(
                new Sgd(0.1),
                new Nesterovs(0.05, 0.9),
                new Adam(1e-2, 0.9, 0.99, 1e-3),
                new AMSGrad(1e-2, 0.9, 0.99, 1e-3),
                new AdaMax(1e-2, 0.9, 0.99, 1e-3),
                new Nadam(1e-2, 0.9, 0.99, 1e-3),
                new AdaGrad(1e-2, 1e-3),
                new AdaDelta(0.9, 1e-3),
                new RmsProp(1e-2, 0.9, 1e-2),
                new NoOp());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void updaterGoesOnWhateverTheMoment(IUpdater updater) throws IOException {
        MultiLayerConfiguration configuration =
                configuration(builder -> builder.updater(updater).l2(1e-3));
        MultiLayerNetwork off = initialised(configuration);
        MultiLayerNetwork first = enabled(initialised(configuration));
        MultiLayerNetwork between = initialised(configuration);
        train(off, 0, 4);
        train(first, 0, 4);
        train(between, 0, 4);
        MultiLayerNetwork restored = enabled(restored(written(off)));
        MultiLayerNetwork plainAgain = restored(written(first));
        enabled(between);
        for (MultiLayerNetwork network : List.of(off, first, between, restored, plainAgain)) {
            train(network, 4, 8);
        }
        for (MultiLayerNetwork network : List.of(first, between, restored, plainAgain)) {
            same(network, off);
        }
    }

    private static byte[] written(Model model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(model, bytes, true);
        return bytes.toByteArray();
    }

    private static MultiLayerNetwork restored(byte[] file) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file), true);
    }

    @Test
    void fileIsThePlainNetworks() throws IOException {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        train(off, 0, 2);
        MultiLayerNetwork on = enabled(off.clone());
        assertThat(written(on)).isEqualTo(written(off.clone()));
        assertThat(on.getLayerWiseConfigurations().toJson())
                .isEqualTo(off.getLayerWiseConfigurations().toJson());
    }

    @ParameterizedTest
    @EnumSource
    void gradientNormalisation(GradientNormalization normalization) {
        compare(configuration(builder -> builder.gradientNormalization(normalization)
                .gradientNormalizationThreshold(0.3)
                .l1(1e-3)
                .l2Bias(1e-3)
                .weightDecay(1e-3)));
    }

    @Test
    void constraints() {
        compare(configuration(builder -> builder.constrainWeights(new MaxNormConstraint(0.5, 1))));
    }

    @Test
    void schedules() {
        compare(configuration(builder -> builder.updater(new Sgd(new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.1)
                .add(3, 0.01)
                .build()))));
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"NONE", "ENABLED"})
    void workspaces(WorkspaceMode mode) {
        compare(configuration(builder -> builder.trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode)));
    }

    static Stream<IDropout> dropouts() {
        return Stream.of(
                new Dropout(0.7),
                new SpatialDropout(0.7),
                new GaussianDropout(0.3),
                new GaussianNoise(0.2),
                AlphaDropout.dropping(0.8),
                new org.deeplearning4j.nn.conf.dropout.AlphaDropout(0.8));
    }

    /** With the same random numbers. */
    @ParameterizedTest
    @MethodSource("dropouts")
    void dropout(IDropout dropout) {
        UnaryOperator<NeuralNetConfiguration.Builder> builder = TrainingTest::asItIs;
        if (dropout instanceof SpatialDropout) { // for images alone
            MultiLayerConfiguration configuration = configuration(builder, dropout);
            ((DenseLayer) configuration.getConf(6).getLayer()).setIDropout(null);
            compare(configuration);
        } else {
            compare(configuration(builder, dropout));
        }
    }

    @Test
    void weightNoise() {
        compare(configuration(builder -> builder.weightNoise(new DropConnect(0.8, true))));
        compare(configuration(
                builder -> builder.weightNoise(new WeightNoise(new NormalDistribution(0, 0.1), true, true))));
    }

    private static void compare(MultiLayerConfiguration configuration) {
        MultiLayerNetwork off = initialised(configuration);
        MultiLayerNetwork on = enabled(initialised(configuration));
        train(off, 0, 6);
        train(on, 0, 6);
        same(on, off);
    }

    @Test
    void batchesAndImagesOfOtherSizes() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        int step = 0;
        for (int[] size : new int[][] {{3, 9, 8}, {1, 9, 8}, {5, 12, 7}, {2, 6, 6}, {3, 9, 8}, {4, 15, 13}}) {
            DataSet batch = batch(step++, size[0], size[1], size[2]);
            on.fit(batch);
            off.fit(batch);
            assertThat(Reference.relative(on.output(batch.getFeatures()), off.output(batch.getFeatures())))
                    .isLessThan(1e-4);
        }
        same(on, off);
    }

    @Test
    void evaluationAndScoresBetweenSteps() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        for (int step = 0; step < 6; step++) {
            DataSet batch = batch(step);
            DataSet other = batch(50 + step);
            List<Double> scores = new ArrayList<>();
            for (MultiLayerNetwork network : List.of(on, off)) {
                network.fit(batch);
                scores.add(network.evaluate(new SingletonDataSetIterator(other)).accuracy());
                scores.add(network.score(other));
                scores.add(network.score(other, true));
                scores.add(network.scoreExamples(other, true).sumNumber().doubleValue());
                network.output(batch.getFeatures(), true);
                network.feedForwardToLayer(2, batch.getFeatures(), true);
            }
            for (int i = 0; i < 4; i++) {
                assertThat(scores.get(i)).isCloseTo(scores.get(4 + i), offset(1e-3));
            }
        }
        same(on, off);
    }

    @Test
    void cloneTrainsOn() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        train(off, 0, 3);
        train(on, 0, 3);
        MultiLayerNetwork clone = on.clone();
        MultiLayerNetwork enabledClone = enabled(on.clone());
        for (MultiLayerNetwork network : List.of(off, on, clone, enabledClone)) {
            train(network, 3, 6);
        }
        same(on, off);
        same(clone, off);
        same(enabledClone, off);
    }

    @Test
    void enablingTwiceWhileTraining() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = initialised(configuration(TrainingTest::asItIs));
        for (int step = 0; step < 6; step++) {
            train(off, step, step + 1);
            OneDnn.enable(on);
            train(on, step, step + 1);
        }
        same(on, off);
    }

    @Test
    void newParametersAreSeen() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        train(off, 0, 2);
        train(on, 0, 2);
        INDArray other = off.params().mul(0.7);
        for (MultiLayerNetwork network : List.of(on, off)) {
            network.setParams(other.dup());
            network.setParam("0_W", network.getParam("0_W").mul(1.1));
            network.getLayer(4)
                    .setParam(
                            "b",
                            Nd4j.ones(DataType.FLOAT, 1, 9)
                                    .reshape(network.getParam("4_b").shape()));
            train(network, 2, 4);
        }
        same(on, off);
    }

    @Test
    void learningRateIsSetWhileTraining() {
        // DL4J's throws for batch normalisation with an updater that has a state
        MultiLayerNetwork off = initialised(configuration(builder -> builder.updater(new Sgd(0.1))));
        MultiLayerNetwork on = enabled(initialised(configuration(builder -> builder.updater(new Sgd(0.1)))));
        for (MultiLayerNetwork network : List.of(off, on)) {
            train(network, 0, 2);
            network.setLearningRate(0.001);
            network.setLearningRate(4, 0.1);
            train(network, 2, 6);
        }
        same(on, off);
    }

    @Test
    void twoBackwardPassesAfterOneForwardPass() {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new SubsamplingLayer.Builder(new int[] {2, 2}).build())
                .layer(new ActivationLayer(Activation.SWISH))
                .layer(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 3));
        MultiLayerNetwork off = initialised(list.build());
        MultiLayerNetwork on = enabled(initialised(list.build()));
        INDArray x = Reference.random(3, 3, 8, 8);
        List<INDArray> epsilons = List.of(Reference.random(3, 4), Reference.random(3, 4));
        List<INDArray> results = new ArrayList<>();
        for (MultiLayerNetwork network : List.of(on, off)) {
            network.setInput(x);
            network.feedForward(true, false);
            for (INDArray epsilon : epsilons) {
                var pair = network.backpropGradient(epsilon, LayerWorkspaceMgr.noWorkspaces());
                results.add(pair.getFirst().gradient().dup());
                results.add(pair.getSecond().dup());
            }
        }
        for (int i = 0; i < 4; i++) {
            assertThat(Reference.relative(results.get(i), results.get(4 + i))).isLessThan(1e-4);
        }
    }

    /** DL4J's throws a NullPointerException at the second: right is better than that, silently wrong is not. */
    @Test
    void secondBackwardPassOfNormalisation() {
        Twin twin = Twin.of(new BatchNormalization(), InputType.convolutional(5, 6, 4));
        INDArray x = Reference.random(3, 4, 5, 6);
        INDArray epsilon = Reference.random(3, 4, 5, 6);
        var manager = LayerWorkspaceMgr.noWorkspaces();
        twin.on().setInput(x, manager);
        twin.on().activate(true, manager);
        INDArray first =
                twin.on().backpropGradient(epsilon, manager).getSecond().dup();
        INDArray second = twin.on().backpropGradient(epsilon, manager).getSecond();
        assertThat(Reference.relative(second, first)).isLessThan(1e-6);
    }

    @Test
    void transferLearning() {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        train(off, 0, 3);
        train(on, 0, 3);
        for (int frozen : new int[] {0, 2, 4}) {
            MultiLayerNetwork offNext = transferred(off, frozen);
            MultiLayerNetwork onNext = enabled(transferred(on, frozen));
            assertThat(onNext.getLayer(frozen)).isInstanceOf(FrozenLayer.class);
            train(offNext, 3, 7);
            train(onNext, 3, 7);
            same(onNext, offNext);
            assertThat(Reference.relative(
                            onNext.getLayer(0).params(), on.getLayer(0).params()))
                    .isZero();
        }
    }

    private static MultiLayerNetwork transferred(MultiLayerNetwork network, int frozen) {
        Nd4j.getRandom().setSeed(1);
        return new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.05))
                        .seed(1)
                        .build())
                .setFeatureExtractor(frozen)
                .nOutReplace(6, 5, WeightInit.XAVIER)
                .build();
    }

    /** A graph with a residual block; two of its vertices have several readers. */
    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.FLOAT)
                .updater(new Adam(1e-2, 0.9, 0.99, 1e-3))
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(5).build(), "in")
                .addLayer("b", new ConvolutionLayer.Builder(3, 3).nOut(5).build(), "a")
                .addLayer("bn", new BatchNormalization.Builder().eps(1e-2).build(), "b")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn", "a")
                .addLayer("c", new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "sum")
                .addLayer("d", new ConvolutionLayer.Builder(3, 3).nOut(3).build(), "sum")
                .addVertex("merge", new MergeVertex(), "c", "d", "sum")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "merge")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(9, 8, 3))
                .build());
        graph.init();
        return graph;
    }

    private static void train(ComputationGraph graph, int from, int to) {
        for (int step = from; step < to; step++) {
            graph.fit(batch(step));
        }
    }

    @Test
    void graphTransferCloneAndFile() throws IOException {
        ComputationGraph off = graph();
        ComputationGraph on = graph();
        OneDnn.enable(on);
        train(off, 0, 3);
        train(on, 0, 3);
        assertThat(on.getConfiguration().toJson())
                .isEqualTo(off.getConfiguration().toJson());
        ComputationGraph restored =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(written(on)), true);
        OneDnn.enable(restored);
        ComputationGraph clone = on.clone();
        OneDnn.enable(clone);
        ComputationGraph offClone = off.clone(); // without the number of steps, that Adam counts
        for (ComputationGraph graph : List.of(off, offClone, on, restored, clone)) {
            train(graph, 3, 6);
        }
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-4);
        assertThat(Reference.relative(restored.params(), off.params())).isLessThan(1e-4);
        assertThat(Reference.relative(clone.params(), offClone.params())).isLessThan(1e-4);
        for (String frozen : List.of("a", "bn", "sum", "c")) {
            ComputationGraph offNext = transferred(off, frozen);
            ComputationGraph onNext = transferred(on, frozen);
            OneDnn.enable(onNext);
            train(offNext, 6, 9);
            train(onNext, 6, 9);
            assertThat(Reference.relative(onNext.params(), offNext.params()))
                    .as(frozen)
                    .isLessThan(1e-4);
        }
    }

    private static ComputationGraph transferred(ComputationGraph graph, String frozen) {
        return new TransferLearning.GraphBuilder(graph)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.05))
                        .seed(1)
                        .build())
                .setFeatureExtractor(frozen)
                .build();
    }

    @Test
    void truncatedBackpropagationBesideAConvolution() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(0.1))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new LSTM.Builder().nOut(5).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .inputPreProcessor(0, new RnnToCnnPreProcessor(6, 6, 2))
                .inputPreProcessor(2, new CnnToRnnPreProcessor(2, 2, 4))
                .setInputType(InputType.recurrent(72))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3)
                .build();
        MultiLayerNetwork off = initialised(configuration);
        MultiLayerNetwork on = enabled(initialised(configuration));
        for (int step = 0; step < 4; step++) {
            Nd4j.getRandom().setSeed(step);
            INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, CLASSES, 8);
            for (int t = 0; t < 8; t++) {
                labels.putScalar(0, t % CLASSES, t, 1);
                labels.putScalar(1, (t + step) % CLASSES, t, 1);
            }
            INDArray mask = Nd4j.ones(DataType.FLOAT, 2, 8);
            mask.putScalar(1, 7, 0);
            mask.putScalar(1, 6, 0);
            DataSet batch = new DataSet(Nd4j.randn(DataType.FLOAT, 2, 72, 8), labels, mask, mask);
            on.fit(batch);
            off.fit(batch);
            assertThat(on.score()).isCloseTo(off.score(), offset(1e-5));
        }
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-5);
    }

    @Test
    void masks() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(0.1))
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(1, 1)
                        .build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(9, 8, 3))
                .build();
        MultiLayerNetwork off = initialised(configuration);
        MultiLayerNetwork on = enabled(initialised(configuration));
        for (int step = 0; step < 4; step++) {
            DataSet batch = batch(step);
            long n = batch.getFeatures().size(0);
            if (step % 2 == 0) {
                INDArray mask = Nd4j.ones(DataType.FLOAT, n, 1, 9, 8);
                mask.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(6, 9))
                        .assign(0);
                batch.setFeaturesMaskArray(mask);
            } else {
                INDArray mask = Nd4j.ones(DataType.FLOAT, n, 1);
                mask.putScalar(0, 0, 0);
                batch.setLabelsMaskArray(mask);
            }
            on.fit(batch);
            off.fit(batch);
            assertThat(on.score()).isCloseTo(off.score(), offset(1e-5));
        }
        assertThat(Reference.relative(on.params(), off.params())).isLessThan(1e-5);
    }

    @Test
    void manyNetworksAtOnce() throws Exception {
        List<Double> alone = new ArrayList<>();
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int seed = i + 1;
            Callable<Double> task = () -> {
                MultiLayerNetwork network = enabled(initialised(configuration(builder -> builder.seed(seed))));
                for (DataSet batch : batches(seed)) {
                    network.fit(batch);
                }
                return network.score();
            };
            alone.add(task.call());
            tasks.add(task);
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Double>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isCloseTo(alone.get(i), offset(1e-6));
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Without ND4J's random numbers, which all threads share. */
    private static List<DataSet> batches(int seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int step = 0; step < 10; step++) {
            float[] pixels = new float[4 * 3 * 9 * 8];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            INDArray labels = Nd4j.zeros(DataType.FLOAT, 4, CLASSES);
            for (int i = 0; i < 4; i++) {
                labels.putScalar(i, (i + step) % CLASSES, 1);
            }
            batches.add(new DataSet(Nd4j.createFromArray(pixels).reshape(4, 3, 9, 8), labels));
        }
        return batches;
    }

    /** One network, used by one thread after another. */
    @Test
    void threadAfterThread() throws Exception {
        MultiLayerNetwork off = initialised(configuration(TrainingTest::asItIs));
        MultiLayerNetwork on = enabled(initialised(configuration(TrainingTest::asItIs)));
        for (DataSet batch : batches(1)) {
            off.fit(batch);
            Thread thread = new Thread(() -> on.fit(batch));
            thread.start();
            thread.join();
        }
        same(on, off);
    }

    @Test
    void listenersSeeTheActivations() {
        BiFunction<Boolean, Integer, List<INDArray>> seen = (enable, step) -> {
            MultiLayerNetwork network = initialised(configuration(TrainingTest::asItIs));
            if (enable) {
                OneDnn.enable(network);
            }
            List<INDArray> arrays = new ArrayList<>();
            network.setListeners(new BaseTrainingListener() {
                @Override
                public void onForwardPass(Model model, List<INDArray> activations) {
                    activations.forEach(array -> arrays.add(Twin.copy(array)));
                }

                @Override
                public void onGradientCalculation(Model model) {
                    Map<String, INDArray> gradients = model.gradient().gradientForVariable();
                    gradients.forEach((name, array) -> arrays.add(Twin.copy(array)));
                }
            });
            train(network, 0, step);
            return arrays;
        };
        List<INDArray> on = seen.apply(true, 2);
        List<INDArray> off = seen.apply(false, 2);
        assertThat(on).hasSameSizeAs(off);
        for (int i = 0; i < on.size(); i++) {
            assertThat(on.get(i).shape()).isEqualTo(off.get(i).shape());
            double length = off.get(i).norm2Number().doubleValue() + 1e-3;
            assertThat(on.get(i).distance2(off.get(i)) / length).as("%s", i).isLessThan(1e-4);
        }
    }

    @Test
    void oneChannel() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .list()
                .layer(new ZeroPaddingLayer.Builder(1, 1).build())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(1).build())
                .layer(new ZeroPaddingLayer.Builder(1, 1).build())
                .layer(new SubsamplingLayer.Builder(new int[] {2, 2}).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(9, 8, 3))
                .build();
        MultiLayerNetwork network = enabled(initialised(configuration));
        network.fit(batch(1));
        assertThat(network.score()).isPositive();
    }

    @Test
    void close() {
        MultiLayerNetwork network = enabled(initialised(configuration(TrainingTest::asItIs)));
        train(network, 0, 2);
        network.close();
        ComputationGraph graph = graph();
        OneDnn.enable(graph);
        train(graph, 0, 2);
        graph.close();
    }
}
