package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.ReLU;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** ReLU on oneDNN: what it computes, and when it overwrites its input. */
@NeedsOneDnn
class RectifierTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static final float[] INPUT = {
        0,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        1e-30f,
        -1e-30f,
        1,
        -1,
        88,
        -88,
        1e30f,
        -1e30f,
        INFINITY,
        -INFINITY,
        Float.NaN,
        3e38f
    };

    @Test
    void valuesAndSlopesAreThePacks() {
        WorkingMemory memory = WorkingMemory.forwards(LayerWorkspaceMgr.noWorkspaces());
        INDArray x = Nd4j.createFromArray(INPUT);
        INDArray out = x.ulike();
        try (Rectifier rectifier = new Rectifier(x.length())) {
            rectifier.forward(x, out, memory);
            float[] expected = new ReLU().getActivation(x.dup(), true).toFloatVector();
            float[] actual = out.toFloatVector();
            for (int i = 0; i < INPUT.length; i++) {
                assertThat(Float.compare(actual[i] + 0f, expected[i] + 0f)) // −0 is 0
                        .as("f(%s)", INPUT[i])
                        .isZero();
            }
            INDArray upstream = Nd4j.valueArrayOf(x.shape(), 3f, DataType.FLOAT);
            INDArray gradient = x.ulike();
            for (INDArray from : List.of(x, out)) {
                rectifier.backward(from, upstream, gradient, memory);
                for (int i = 0; i < INPUT.length; i++) {
                    if (!Float.isNaN(INPUT[i])) {
                        assertThat(gradient.getFloat(i)).as("f′(%s)", INPUT[i]).isEqualTo(INPUT[i] > 0 ? 3f : 0f);
                    }
                }
            }
        }
    }

    /** Within the convolution too: a network that has gone wrong must not seem sound. */
    @Test
    void nanGetsThroughAConvolution() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .activation(new ReLU())
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .validateOutputLayerConfig(false)
                .setInputType(InputType.convolutional(8, 8, 3))
                .build());
        network.init();
        OneDnn.require(network);
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
        images.putScalar(0, Float.NaN);
        assertThat(network.output(images).getFloat(0)).isNaN();
        assertThat(network.output(images, true).getFloat(0)).isNaN();
        assertThat(network.output(images).slice(1).isNaN().any()).isFalse();
    }

    @Test
    void overwritesItsInputOnlyWhereNoListenerLooks() {
        List<Double> lowest = new ArrayList<>();
        MultiLayerNetwork looked = normalised();
        looked.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                lowest.add(activations.get(2).minNumber().doubleValue());
            }
        });
        MultiLayerNetwork alone = normalised();
        alone.setListeners(new ScoreIterationListener(1000));
        MultiLayerNetwork builtIn = normalised();
        OneDnn.require(looked);
        OneDnn.require(alone);
        assertThat(Listeners.look(alone.getListeners())).isFalse();
        Nd4j.getRandom().setSeed(4);
        DataSet batch =
                new DataSet(Nd4j.randn(DataType.FLOAT, 4, 3, 8, 8), Nd4j.eye(4).castTo(DataType.FLOAT));
        for (MultiLayerNetwork network : List.of(looked, alone, builtIn)) {
            network.fit(batch);
            network.fit(batch);
        }
        assertThat(lowest).hasSize(2).allMatch(value -> value < 0);
        assertThat(Reference.relative(alone.params(), looked.params())).isLessThan(1e-6);
        assertThat(Reference.relative(alone.params(), builtIn.params())).isLessThan(1e-4);
    }

    private static MultiLayerNetwork normalised() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.IDENTITY)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(7).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer.Builder().activation(new ReLU()).build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build());
        network.init();
        return network;
    }
}
