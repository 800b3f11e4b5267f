package io.github.dl4jx.init;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nguyen–Widrow initialisation, for layers of sigmoid or tanh units with inputs in [−1, 1]: the units' active regions are
 * spread evenly over the input space.
 *
 * <pre>
 * H units, N inputs each:   m = 0.7·H^(1/N)
 * weights of a unit         U(−0.5, 0.5), then rescaled to the Euclidean norm m
 * bias of a unit            U(−m, m)
 * </pre>
 *
 * <p>The biases are part of the method, and DL4J shows an {@code IWeightInit} the weights alone. Call
 * {@link #initializeBiases(MultiLayerNetwork)} once on the initialised network:
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(configuration); // layers with weightInit(new NguyenWidrow())
 * network.init();
 * NguyenWidrow.initializeBiases(network);
 * }</pre>
 *
 * <p>Shapes: dense [N, H], and convolutional [H, channels, k...] with N = channels·k·…; no other weights have units and
 * inputs in this sense, and they are refused. From its weights alone a transposed convolution with as many outputs as
 * inputs looks like an ordinary one, as does a depthwise one whose multiplier is its height: these are refused by {@code
 * initializeBiases}. Nguyen and Widrow, <i>Improving the learning speed of 2-layer neural networks by choosing initial
 * values of the adaptive weights</i>, IJCNN 1990.
 */
public final class NguyenWidrow extends NamedInitializer implements WithBiases {
    private static final long serialVersionUID = 1L;

    /** Convolutions whose weights have the units on another axis. */
    private static final List<Class<?>> UNITS_ELSEWHERE = List.of(
            Deconvolution2D.class, Deconvolution3D.class, DepthwiseConvolution2D.class, SeparableConvolution2D.class);

    @Override
    List<INDArray> parts(double fanIn, double fanOut, INDArray weights) {
        return Parts.units(fanIn, fanOut, weights);
    }

    @Override
    void fill(double fanIn, double fanOut, INDArray weights) {
        Distribution.fillUniform(weights, 0.5);
        int[] withinUnit = weights.rank() == 2
                ? new int[] {0}
                : IntStream.range(1, weights.rank()).toArray();
        weights.divi(weights.norm2(true, withinUnit)).muli(magnitude(weights));
    }

    @Override
    public void fillBiases(INDArray weights, INDArray biases) {
        Distribution.fillUniform(biases, magnitude(weights));
    }

    /**
     * Sets the biases of every layer that this initialiser or {@link NguyenWidrowMatlab} gave its weights; others, frozen
     * ones among them, are left alone.
     *
     * @param network initialised, not yet trained
     * @return how many layers got their biases
     * @throws IllegalStateException if the network is not initialised
     */
    public static int initializeBiases(MultiLayerNetwork network) {
        return initializeBiases(network.getLayers());
    }

    /** The same for a graph; see {@link #initializeBiases(MultiLayerNetwork)}. */
    public static int initializeBiases(ComputationGraph graph) {
        return initializeBiases(graph.getLayers());
    }

    private static int initializeBiases(Layer[] layers) {
        NetworkWeights.requireInitialized(layers);
        return Stream.of(layers).mapToInt(NguyenWidrow::initializeBiases).sum();
    }

    private static int initializeBiases(Layer layer) {
        boolean frozen = layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop;
        if (frozen
                || !(layer.conf().getLayer() instanceof BaseLayer configuration)
                || !(configuration.getWeightInitFn() instanceof WithBiases initializer)) {
            return 0;
        }
        INDArray bias = layer.getParam(DefaultParamInitializer.BIAS_KEY);
        if (bias == null) {
            return 0;
        }
        if (UNITS_ELSEWHERE.stream().anyMatch(type -> type.isInstance(configuration))) {
            throw new IllegalArgumentException("layer " + layer.getIndex() + " is a "
                    + configuration.getClass().getSimpleName() + "; valid: dense or ordinary convolutional");
        }
        INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        initializer.fillBiases(configuration instanceof Convolution1DLayer ? Parts.sequence(weights) : weights, bias);
        return 1;
    }

    /** m = 0.7·H^(1/N). */
    private static double magnitude(INDArray weights) {
        long inputs = Parts.inputs(weights);
        return 0.7 * Math.pow((double) weights.length() / inputs, 1.0 / inputs);
    }

    @Override
    public String toString() {
        return "nguyen-widrow";
    }
}
