package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Those who train a network for its user, and make copies of it. */
@NeedsOneDnn
class TrainersTest {
    private static final int CLASSES = 3;
    private static final int BATCH = 4;

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Nesterovs(0.02, 0.9))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .layer(new BatchNormalization())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(9, 8, 3))
                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork enabled() {
        MultiLayerNetwork network = network();
        OneDnn.require(network);
        return network;
    }

    private static DataSetIterator batches() {
        Nd4j.getRandom().setSeed(7);
        List<DataSet> examples = new ArrayList<>();
        for (int i = 0; i < 8 * BATCH; i++) {
            INDArray label = Nd4j.zeros(DataType.FLOAT, 1, CLASSES);
            label.putScalar(0, i % CLASSES, 1);
            examples.add(new DataSet(Nd4j.randn(DataType.FLOAT, 1, 3, 9, 8).addi(0.2 * (i % CLASSES)), label));
        }
        return new ListDataSetIterator<>(examples, BATCH);
    }

    @Test
    void earlyStoppingFindsTheSameModel() {
        EarlyStoppingResult<MultiLayerNetwork> on = stoppedEarly(enabled());
        EarlyStoppingResult<MultiLayerNetwork> off = stoppedEarly(network());

        assertThat(on.getTotalEpochs()).isEqualTo(off.getTotalEpochs());
        assertThat(on.getBestModelEpoch()).isEqualTo(off.getBestModelEpoch());
        MultiLayerNetwork best = on.getBestModel();
        assertThat(Reference.relative(best.params(), off.getBestModel().params()))
                .isLessThan(1e-4);
        OneDnn.require(best); // a copy starts without
        INDArray x = batches().next().getFeatures();
        assertThat(Reference.relative(best.output(x), off.getBestModel().output(x)))
                .isLessThan(1e-4);
    }

    private static EarlyStoppingResult<MultiLayerNetwork> stoppedEarly(MultiLayerNetwork network) {
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(batches(), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        return new EarlyStoppingTrainer(configuration, network, batches()).fit();
    }

    /** Its replicas are copies, and run as DL4J has them; the network itself stays on oneDNN, with what they learned. */
    @Test
    void parallelWrapperTrainsTheNetwork() {
        MultiLayerNetwork network = enabled();
        INDArray before = network.params().dup();
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                .workers(2)
                .averagingFrequency(2)
                .prefetchBuffer(0)
                .build();

        wrapper.fit(batches());
        wrapper.shutdown();

        assertThat(network.params().distance2(before)).isPositive();
        assertThat(network.getLayer(0)).isInstanceOf(DnnConvolution.class);
        MultiLayerNetwork plain = network.clone();
        assertThat(plain.getLayer(0)).isNotInstanceOf(DnnConvolution.class);
        INDArray x = batches().next().getFeatures();
        assertThat(Reference.relative(network.output(x), plain.output(x))).isLessThan(1e-4);
        DataSet batch = batches().next();
        network.fit(batch);
        plain.fit(batch);
        assertThat(Reference.relative(network.params(), plain.params())).isLessThan(1e-4);
    }
}
