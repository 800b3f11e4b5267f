package io.github.dl4jx.onednn;

import io.github.dl4jx.onednn.OneDnnStatus.Engine;
import io.github.dl4jx.onednn.OneDnnStatus.LayerStatus;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the layers of one network on oneDNN.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(configuration);
 * network.init();
 * OneDnn.enable(network);
 * }</pre>
 *
 * <p>Convolution, pooling, global pooling, dense, batch normalisation, activation layers and the sums of residual blocks
 * are taken over by layers of the same kind that compute on oneDNN 2.5.2. Between them the channels of a pixel are
 * neighbours in memory; every array is an ordinary one of the shape that DL4J documents. Parameters, configuration, updater
 * and the saved file are DL4J's own and stay as they are. What cannot be taken over runs as DL4J has it, layer by layer:
 * {@link OneDnnStatus} tells which and why.
 *
 * <p>Outputs and gradients are DL4J's to within rounding; the tests of this module hold both against plain double-precision
 * loops. Two trainings with and without oneDNN still drift apart, as any two float computations in a different order of
 * summation do. ReLU makes it visible: when rounding puts one pre-activation on the other side of zero, the gradient of
 * the layers below jumps by a few parts in ten thousand. The built-in code is as often the one that jumped.
 *
 * <p>Where the library cannot be loaded, DL4J's own helpers for convolution and batch normalisation are switched on, if
 * nd4j-native was built with oneDNN.
 *
 * <p>A clone, or a network read from a file, starts without: enable it again. So does a layer that was frozen, or
 * replaced, after the call.
 */
public final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private OneDnn() {}

    /**
     * Lets the given network use oneDNN. Calling it again is harmless. Logs one line: what it did, or a warning why it
     * could do nothing.
     *
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(MultiLayerNetwork network) {
        return enable(network.getLayers(), () -> Takeover.of(network, DataType.FLOAT));
    }

    /**
     * As {@link #enable(MultiLayerNetwork)}, and says what convolutions and dense layers round images, rows and weights to
     * before they multiply them. With {@code BFLOAT16}, 8 bits of precision instead of 24, a step is faster on processors
     * made for it. Products are added up in float32; parameters, updater, batch normalisation, activations and all that
     * others see stay float32. A shape for which oneDNN has no fast bfloat16 code is computed in float32.
     *
     * @param reads {@code FLOAT} or {@code BFLOAT16}
     * @throws IllegalArgumentException if {@code reads} is another type
     * @throws UnsupportedOperationException if it is {@code BFLOAT16} and the processor has neither AVX512-BF16 nor AMX,
     *     or oneDNN's library cannot be loaded
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(MultiLayerNetwork network, DataType reads) {
        checkReads(reads);
        return enable(network.getLayers(), () -> Takeover.of(network, reads)).reading(reads);
    }

    /**
     * Lets the given network use oneDNN. Calling it again is harmless. Logs one line: what it did, or a warning why it
     * could do nothing.
     *
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(ComputationGraph network) {
        return enable(network.getLayers(), () -> GraphTakeover.of(network, DataType.FLOAT));
    }

    /**
     * As {@link #enable(ComputationGraph)}, and says what convolutions and dense layers round to before they multiply:
     * see {@link #enable(MultiLayerNetwork, DataType)}.
     *
     * @param reads {@code FLOAT} or {@code BFLOAT16}
     * @throws IllegalArgumentException if {@code reads} is another type
     * @throws UnsupportedOperationException if it is {@code BFLOAT16} and the processor has neither AVX512-BF16 nor AMX,
     *     or oneDNN's library cannot be loaded
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(ComputationGraph network, DataType reads) {
        checkReads(reads);
        return enable(network.getLayers(), () -> GraphTakeover.of(network, reads))
                .reading(reads);
    }

    private static void checkReads(DataType reads) {
        if (reads != DataType.FLOAT && reads != DataType.BFLOAT16) {
            throw new IllegalArgumentException("reads " + reads + "; valid: FLOAT, BFLOAT16");
        }
        if (reads == DataType.BFLOAT16) {
            String obstacle = obstacle() == null ? Native.bfloat16Obstacle() : obstacle();
            if (obstacle != null) {
                throw new UnsupportedOperationException(obstacle);
            }
        }
    }

    /**
     * As {@link #enable(MultiLayerNetwork)}, for those who want all or nothing.
     *
     * @throws IllegalStateException if a layer other than the output layer does not run on oneDNN; it says which and why
     */
    public static OneDnnStatus require(MultiLayerNetwork network) {
        return required(enable(network));
    }

    /**
     * As {@link #enable(ComputationGraph)}, for those who want all or nothing.
     *
     * @throws IllegalStateException if a layer other than an output layer does not run on oneDNN; it says which and why
     */
    public static OneDnnStatus require(ComputationGraph network) {
        return required(enable(network));
    }

    private static OneDnnStatus required(OneDnnStatus status) {
        String missing = status.layers().stream()
                .filter(layer ->
                        layer.engine() != Engine.ONEDNN && !layer.reason().equals(Candidate.OUTPUT_LAYER))
                .map(LayerStatus::toString)
                .collect(Collectors.joining("; "));
        if (!status.enabled() || !missing.isEmpty()) {
            throw new IllegalStateException(
                    "Not all layers run on oneDNN: " + (missing.isEmpty() ? status.reason() : missing));
        }
        return status;
    }

    private static OneDnnStatus enable(Layer @Nullable [] layers, Supplier<List<LayerStatus>> takeover) {
        if (layers == null || Arrays.asList(layers).contains(null)) {
            throw new IllegalStateException("The network has no layers yet: call init() before OneDnn.enable");
        }
        OneDnnStatus status = status(layers, takeover);
        if (status.enabled()) {
            LOG.info("oneDNN on: {}", status.reason());
        } else {
            LOG.warn("oneDNN off: {}", status.reason());
        }
        return status;
    }

    private static OneDnnStatus status(Layer[] layers, Supplier<List<LayerStatus>> takeover) {
        String obstacle = obstacle();
        if (obstacle == null) {
            return OneDnnStatus.of(takeover.get());
        }
        if (!isCpu()) {
            return OneDnnStatus.off(obstacle);
        }
        if (SAID.compareAndSet(false, true)) { // many programs have no binding for their log
            System.err.println("dl4jx: " + obstacle);
        }
        return Helpers.obstacle() == null
                ? OneDnnStatus.of(Helpers.install(layers))
                : OneDnnStatus.off(obstacle + "; and " + Helpers.obstacle());
    }

    /** Why this virtual machine cannot run layers on oneDNN 2.5.2, or null. */
    static @Nullable String obstacle() {
        return isCpu()
                ? Native.obstacle()
                : "the ND4J backend is " + Nd4j.getExecutioner().type() + "; oneDNN is for the CPU";
    }

    private static boolean isCpu() {
        return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
    }
}
