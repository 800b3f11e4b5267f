package io.github.dl4jx.onednn;

import io.github.dl4jx.onednn.OneDnnStatus.Engine;
import io.github.dl4jx.onednn.OneDnnStatus.LayerStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * M2.1's own layer helpers for oneDNN, made safe: what is left where {@link Native} cannot be loaded.
 *
 * <p>The release contains helpers that run layers on the oneDNN inside of nd4j-native but cannot reach them: {@code
 * BaseMKLDNNHelper} looks for {@code org.nd4j.nativeblas.Nd4jCpu$Environment}, a class that M2.1 moved and whose method
 * it renamed. A class at the old name and the system property {@code org.eclipse.deeplearning4j.helpers.disable=false}
 * would bring all of them back. But some are wrong, convolution over NHWC data among them, and where the lookup happens a
 * layer's data format cannot be seen. So this class puts the helpers into the layers of an initialised network.
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
 */
final class Helpers {
    private Helpers() {}

    /** Why this virtual machine cannot use them, or null. */
    static @Nullable String obstacle() {
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

    static List<LayerStatus> install(Layer... layers) {
        List<LayerStatus> status = new ArrayList<>();
        for (Layer outer : layers) {
            Layer layer = unwrap(outer);
            String why = whyNot(layer);
            if (why == null) {
                if (layer.getClass() == ConvolutionLayer.class) {
                    if (!(layer.getHelper() instanceof Convolution)) {
                        setHelper(ConvolutionLayer.class, layer, new Convolution(layer));
                    }
                } else if (!(layer.getHelper() instanceof BatchNorm)) {
                    setHelper(BatchNormalization.class, layer, new BatchNorm());
                }
            }
            status.add(new LayerStatus(
                    String.valueOf(outer.getIndex()),
                    layer.conf().getLayer().getClass().getSimpleName(),
                    why == null ? Engine.ND4J_ONEDNN : Engine.BUILT_IN,
                    why == null ? "the newer oneDNN cannot be loaded" : why));
        }
        return status;
    }

    private static Layer unwrap(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper ? unwrap(wrapper.getUnderlying()) : layer;
    }

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
            return "no helper";
        }
        DataType type = layer.params().dataType();
        return type == DataType.FLOAT ? null : type.toString();
    }

    private static void setHelper(Class<? extends Layer> type, Layer layer, LayerHelper helper) {
        new PrivateField<LayerHelper>(layer, type, "helper").set(helper);
    }
}
