package io.github.dl4jx.benchmarks;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.cifar10.data.Cifar10;
import io.github.dl4jx.examples.cifar10.data.Cifar10Iterator;
import io.github.dl4jx.examples.cifar10.data.Images;
import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.onednn.OneDnn;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Images a second of a training step, forwards, backwards and Adam, of the network 32-32-pool-64-64-pool-128-10 on
 * batches of 64 CIFAR-10 images, with the oneDNN helpers of {@link OneDnn} off and on.
 *
 * <pre>
 * benchmarks/run ConvolutionTraining
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class ConvolutionTraining {
    static final int BATCH = 64;

    /** Of the network and the batches, for the record. */
    static final String DESCRIPTION =
            "32-32-pool-64-64-pool-128-10, 3×3 convolutions, Adam, batches of " + BATCH + " CIFAR-10 images";

    /** Whether the network was given to {@link OneDnn#enable}. */
    @Param({"off", "on"})
    public String oneDnn = "";

    /** By catalogue name. */
    @Param({"relu", "swish"})
    public String activation = "";

    @SuppressWarnings("NullAway.Init") // by setUp
    private MultiLayerNetwork network;

    @SuppressWarnings("NullAway.Init")
    private DataSet batch;

    /** Builds the network and loads a batch. */
    @Setup(Level.Trial)
    public void setUp() {
        network = network(Activations.get(activation), activation);
        if (oneDnn.equals("on") && !OneDnn.enable(network).enabled()) {
            throw new IllegalStateException("oneDNN cannot be enabled here; see the warning above");
        }
        batch = batches(1, BATCH).get(0);
    }

    /** One step on the batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public double step() {
        network.fit(batch);
        return network.score();
    }

    /** The first so many batches of the training images, so many images each. */
    static List<DataSet> batches(int number, int size) {
        Images images = Cifar10.load(null, new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .train()
                .select(IntStream.range(0, number * size).toArray());
        Cifar10Iterator iterator = new Cifar10Iterator(images, Preprocessing.CHANNEL_MEAN.fit(images), size, 1);
        List<DataSet> batches = new ArrayList<>();
        while (iterator.hasNext()) {
            batches.add(iterator.next());
        }
        return batches;
    }

    /**
     * The network.
     *
     * @param activation of the hidden layers
     * @param specification of the pack's activation that it stands for, which decides the initialiser
     */
    static MultiLayerNetwork network(IActivation activation, String specification) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .activation(activation)
                .weightInit(Initializers.recommendedFor(Activations.get(specification))
                        .initializer())
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(convolution(32))
                .layer(convolution(32))
                .layer(pooling())
                .layer(convolution(64))
                .layer(convolution(64))
                .layer(pooling())
                .layer(new DenseLayer.Builder().nOut(128).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(10)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
        network.init();
        return network;
    }

    private static ConvolutionLayer convolution(int channels) {
        return new ConvolutionLayer.Builder(3, 3).nOut(channels).build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }
}
