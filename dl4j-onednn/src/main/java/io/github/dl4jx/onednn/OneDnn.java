package io.github.dl4jx.onednn;

import java.util.Arrays;
import java.util.StringJoiner;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the layers of one network M2.1's oneDNN code for convolution and batch normalisation.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(configuration);
 * network.init();
 * OneDnn.enable(network);
 * }</pre>
 *
 * <p>The release contains helpers that run these layers on oneDNN but cannot reach them: {@code BaseMKLDNNHelper} looks
 * for {@code org.nd4j.nativeblas.Nd4jCpu$Environment}, a class that M2.1 moved and whose method it renamed. A class at the
 * old name and the system property {@code org.eclipse.deeplearning4j.helpers.disable=false} would bring all of them back.
 * But some are wrong, convolution over NHWC data among them, and where the lookup happens a layer's data format cannot
 * be seen. So this class puts the helpers, made safe, into the layers of an initialised network. It changes nothing else:
 * no system property and no other network.
 *
 * <p>What stays on the built-in code, and why:
 *
 * <ul>
 *   <li>Dilated convolutions: the native operation fails for almost every one of them, and DL4J then logs two stack
 *       traces a layer before it falls back.
 *   <li>Pooling: the helper ignores {@code avgPoolIncludePadInDivisor(true)} in its backward pass (gradients tens of per cent
 *       off where there is padding). For everything else it runs the very operation that the layer runs without it, and
 *       the forward pass never asks it. There is nothing to win.
 *   <li>Local response normalisation: M2.1 never creates this helper on the CPU, and its backward pass computes the
 *       forward function.
 *   <li>Batch normalisation with {@code lockGammaBeta(true)}, which the helper does not support, and in inference
 *       mode, where the helper cannot give gradients.
 *   <li>Layers whose parameters are not 32-bit floats.
 * </ul>
 *
 * <p>Everything else gives the same outputs and gradients as the built-in code to within rounding; the tests of this
 * module hold both against plain double-precision loops. Two trainings with and without oneDNN still drift apart, as any
 * two float computations in a different order of summation do. ReLU makes it visible: when rounding puts one
 * pre-activation on the other side of zero, the gradient of the layers below jumps by a few parts in ten thousand. The
 * built-in code is as often the one that jumped. Starting it from parameters that differ in the last bit moves it as
 * far.
 *
 * <p>A convolution's training pass keeps a copy of its pre-activations for the backward pass, where DL4J computes them once
 * more.
 *
 * <p>A clone, or a network read from a file, starts without: enable it again.
 */
public final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    private OneDnn() {}

    /**
     * Lets the given network use oneDNN where that is proven to give the same results. Calling it again is harmless.
     * Logs one line: what it did, or a warning why it could do nothing.
     *
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(MultiLayerNetwork network) {
        return enable(network.getLayers());
    }

    /**
     * Lets the given network use oneDNN where that is proven to give the same results. Calling it again is harmless.
     * Logs one line: what it did, or a warning why it could do nothing.
     *
     * @throws IllegalStateException if the network is not initialised
     */
    public static OneDnnStatus enable(ComputationGraph network) {
        return enable(network.getLayers());
    }

    private static OneDnnStatus enable(Layer @Nullable [] layers) {
        if (layers == null || Arrays.asList(layers).contains(null)) {
            throw new IllegalStateException("The network has no layers yet: call init() before OneDnn.enable");
        }
        String obstacle = obstacle();
        OneDnnStatus status = obstacle == null ? install(layers) : new OneDnnStatus(false, obstacle);
        if (status.enabled()) {
            LOG.info("oneDNN on: {}", status.reason());
        } else {
            LOG.warn("oneDNN off: {}", status.reason());
        }
        return status;
    }

    /** Why this virtual machine cannot use oneDNN at all, or null. */
    static @Nullable String obstacle() {
        OpExecutioner.ExecutionerType backend = Nd4j.getExecutioner().type();
        if (backend != OpExecutioner.ExecutionerType.NATIVE_CPU) {
            return "the ND4J backend is " + backend + "; oneDNN is for the CPU";
        }
        // A plain binary answers true to isUseONEDNN: only the build information tells.
        if (!Nd4j.getBackend().buildInfo().contains("HAVE_ONEDNN")) {
            return "the nd4j-native binary on the class path was built without oneDNN;"
                    + " use one with a classifier such as linux-x86_64-onednn";
        }
        if (!Nd4j.getEnvironment().helpersAllowed() || !nativeSwitch()) {
            return "oneDNN is switched off in ND4J, by ND4J_MKL_FALLBACK or by code";
        }
        return null;
    }

    /** By reflection: on CUDA the class path has no nd4j-native. */
    private static boolean nativeSwitch() {
        try {
            Class<?> environment = Class.forName("org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu$Environment");
            Object instance = environment.getMethod("getInstance").invoke(null);
            return (Boolean) environment.getMethod("isUseONEDNN").invoke(instance);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This nd4j-native is not release M2.1's", e);
        }
    }

    private static OneDnnStatus install(Layer[] layers) {
        int convolutions = 0;
        int normalisations = 0;
        StringJoiner left = new StringJoiner(", ", "; on built-in code: ", "").setEmptyValue("");
        for (Layer outer : layers) {
            Layer layer = unwrap(outer);
            String why = whyNot(layer);
            if (why != null) {
                left.add("layer " + outer.getIndex() + " (" + why + ")");
            } else if (layer.getClass() == ConvolutionLayer.class) {
                convolutions++;
                if (!(layer.getHelper() instanceof Convolution)) {
                    setHelper(ConvolutionLayer.class, layer, new Convolution(layer));
                }
            } else if (layer.getClass() == BatchNormalization.class) {
                normalisations++;
                if (!(layer.getHelper() instanceof BatchNorm)) {
                    setHelper(BatchNormalization.class, layer, new BatchNorm());
                }
            }
        }
        String reason =
                "%d convolution and %d batch normalisation layers%s".formatted(convolutions, normalisations, left);
        return new OneDnnStatus(convolutions + normalisations > 0, reason);
    }

    private static Layer unwrap(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper ? unwrap(wrapper.getUnderlying()) : layer;
    }

    /** Why a layer that has a helper in M2.1 does not get it, or null. */
    private static @Nullable String whyNot(Layer layer) {
        if (layer.conf().getLayer() instanceof org.deeplearning4j.nn.conf.layers.ConvolutionLayer conf
                && layer.getClass() == ConvolutionLayer.class) {
            if (Arrays.stream(conf.getDilation()).anyMatch(d -> d != 1)) {
                return "dilated";
            }
        } else if (layer.conf().getLayer() instanceof org.deeplearning4j.nn.conf.layers.BatchNormalization conf) {
            if (conf.isLockGammaBeta()) {
                return "lockGammaBeta";
            }
        } else {
            return null;
        }
        DataType type = layer.params().dataType();
        return type == DataType.FLOAT ? null : type.toString();
    }

    private static void setHelper(Class<? extends Layer> type, Layer layer, LayerHelper helper) {
        new LayerField<LayerHelper>(layer, type, "helper").set(helper);
    }
}
