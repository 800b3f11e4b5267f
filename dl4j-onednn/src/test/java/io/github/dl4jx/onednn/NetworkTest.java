package io.github.dl4jx.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Whole networks, with the workspaces that training uses. */
@NeedsOneDnn
class NetworkTest {
    private static final int CLASSES = 10;

    /** The two ways to oneDNN. */
    enum Way {
        ENGINE {
            @Override
            void enable(MultiLayerNetwork network) {
                OneDnn.require(network);
            }
        },
        HELPERS {
            @Override
            void enable(MultiLayerNetwork network) {
                assumeThat(Helpers.obstacle()).isNull();
                Helpers.install(network.getLayers());
            }
        };

        abstract void enable(MultiLayerNetwork network);
    }

    /**
     * The four convolutions of a small CIFAR-10 network; smooth activations, so that rounding stays rounding. Seen: the
     * parameters 4e-8 apart after four steps, and 1e-5 once with MAX.
     */
    @ParameterizedTest
    @CsvSource({
        "ENGINE, SWISH, NCHW, false, AVG, ENABLED, NONE", "HELPERS, SWISH, NCHW, false, AVG, ENABLED, NONE",
        "ENGINE, SWISH, NCHW, false, MAX, ENABLED, NONE", "HELPERS, SWISH, NCHW, false, MAX, ENABLED, NONE",
        "ENGINE, TANH, NCHW, true, AVG, ENABLED, NONE", "HELPERS, TANH, NCHW, true, AVG, ENABLED, NONE",
        "ENGINE, TANH, NHWC, true, AVG, ENABLED, NONE", "HELPERS, TANH, NHWC, true, AVG, ENABLED, NONE",
        "ENGINE, SWISH, NHWC, false, AVG, NONE, NONE", "HELPERS, SWISH, NHWC, false, AVG, NONE, NONE",
        "ENGINE, GELU, NCHW, false, AVG, ENABLED, DEVICE", "HELPERS, GELU, NCHW, false, AVG, ENABLED, DEVICE"
    })
    void trainsTheSame(
            Way way,
            Activation activation,
            CNN2DFormat format,
            boolean norm,
            PoolingType pooling,
            WorkspaceMode mode,
            CacheMode cache) {
        MultiLayerNetwork on = network(activation, format, norm, pooling, DataType.FLOAT, mode, cache);
        MultiLayerNetwork off = network(activation, format, norm, pooling, DataType.FLOAT, mode, cache);
        off.params().assign(on.params());
        way.enable(on);
        // A maximum between two values that are equal but for rounding may change its place, as ReLU's kink may.
        double tolerance = pooling == PoolingType.AVG ? 1e-6 : 1e-3;
        for (int step = 0; step < 4; step++) {
            DataSet batch = batch(step, step == 3 ? 3 : 6, format);
            on.fit(batch);
            off.fit(batch);
            assertThat(on.score()).isCloseTo(off.score(), Offset.offset(1e-5));
            assertThat(Reference.relative(on.params(), off.params())).isLessThan(tolerance);
        }
        DataSet batch = batch(9, 7, format);
        assertThat(Reference.relative(on.output(batch.getFeatures()), off.output(batch.getFeatures())))
                .isLessThan(10 * tolerance);
        for (Layer layer : on.getLayers()) {
            if (layer.getHelper() != null) {
                assertThat(Twin.failures(layer)).isZero();
            }
        }
    }

    /**
     * With ReLU the gradients of two correct computations may differ by much more than rounding, but only where rounding
     * put a pre-activation on the other side of zero. Average pooling, so that no maximum can change its place.
     */
    @ParameterizedTest
    @CsvSource({"ENGINE, 1", "ENGINE, 2", "ENGINE, 3", "HELPERS, 1", "HELPERS, 2", "HELPERS, 3"})
    void reluGradientsJumpOnlyAtTheKink(Way way, int seed) {
        MultiLayerNetwork exact = relu(DataType.DOUBLE);
        MultiLayerNetwork on = relu(DataType.FLOAT);
        MultiLayerNetwork off = relu(DataType.FLOAT);
        off.params().assign(on.params());
        exact.params().assign(on.params().castTo(DataType.DOUBLE));
        way.enable(on);
        DataSet batch = batch(seed, 6, CNN2DFormat.NCHW);
        DataSet doubles = new DataSet(
                batch.getFeatures().castTo(DataType.DOUBLE), batch.getLabels().castTo(DataType.DOUBLE));
        List<INDArray> expected = exact.feedForward(doubles.getFeatures(), true);
        INDArray gradient = gradient(exact, doubles);
        for (MultiLayerNetwork network : List.of(on, off)) {
            List<INDArray> actual = network.feedForward(batch.getFeatures(), true);
            long crossings = 0;
            for (int i = 0; i < actual.size(); i++) {
                crossings += actual.get(i)
                        .gt(0)
                        .neq(expected.get(i).gt(0))
                        .castTo(DataType.INT64)
                        .sumNumber()
                        .longValue();
            }
            double error = Reference.relative(gradient(network, batch), gradient);
            if (crossings == 0) {
                assertThat(error).isLessThan(1e-5);
            } else {
                assertThat(error).isLessThan(1e-2);
            }
        }
    }

    private static INDArray gradient(MultiLayerNetwork network, DataSet batch) {
        network.setInput(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        return network.getFlattenedGradients().dup();
    }

    private static MultiLayerNetwork relu(DataType type) {
        return network(
                Activation.RELU, CNN2DFormat.NCHW, false, PoolingType.AVG, type, WorkspaceMode.ENABLED, CacheMode.NONE);
    }

    private static MultiLayerNetwork network(
            Activation activation,
            CNN2DFormat format,
            boolean norm,
            PoolingType pooling,
            DataType type,
            WorkspaceMode mode,
            CacheMode cache) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Nesterovs(0.01, 0.9))
                .weightInit(WeightInit.RELU)
                .activation(activation)
                .convolutionMode(ConvolutionMode.Same)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .cacheMode(cache)
                .list();
        for (int channels : new int[] {32, 32, 0, 64, 64, 0}) {
            if (channels == 0) {
                list.layer(new SubsamplingLayer.Builder(pooling)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(format)
                        .build());
            } else {
                list.layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(channels)
                        .hasBias(!norm)
                        .activation(norm ? Activation.IDENTITY : activation)
                        .dataFormat(format)
                        .build());
                if (norm) {
                    list.layer(
                            new BatchNormalization.Builder().dataFormat(format).build());
                    list.layer(
                            new ActivationLayer.Builder().activation(activation).build());
                }
            }
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                list.layer(new DenseLayer.Builder().nOut(32).build())
                        .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build())
                        .setInputType(InputType.convolutional(12, 12, 3, format))
                        .build());
        network.init();
        return network;
    }

    private static DataSet batch(int seed, int n, CNN2DFormat format) {
        Nd4j.getRandom().setSeed(seed);
        // Permuted images: what a user with NCHW files and an NHWC network has.
        INDArray images = Nd4j.rand(DataType.FLOAT, n, 3, 12, 12);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, n, CLASSES);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, (i * 7 + seed) % CLASSES, 1);
        }
        return new DataSet(format == CNN2DFormat.NCHW ? images : images.permute(0, 2, 3, 1), labels);
    }
}
