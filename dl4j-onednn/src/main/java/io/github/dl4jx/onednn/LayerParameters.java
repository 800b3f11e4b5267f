package io.github.dl4jx.onednn;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a layer that convolves, with their noise, and where their gradients go. */
final class LayerParameters {
    /** The key of weights where there is one array of them. */
    static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;

    private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

    private final Noisy values;
    private final Supplier<Map<String, INDArray>> gradients;
    private final boolean hasBias;

    /** What DL4J's layers have for it, for themselves alone. */
    interface Noisy {
        INDArray get(String parameter, boolean training, LayerWorkspaceMgr manager);
    }

    LayerParameters(Noisy values, Supplier<Map<String, INDArray>> gradients, boolean hasBias) {
        this.values = values;
        this.gradients = gradients;
        this.hasBias = hasBias;
    }

    boolean hasBias() {
        return hasBias;
    }

    /** In the order of their indices. */
    INDArray weights(String key, boolean training, WorkingMemory memory) {
        return Images.rows(values.get(key, training, memory.manager()));
    }

    @Nullable
    INDArray bias(boolean training, WorkingMemory memory) {
        return hasBias ? values.get(BIAS, training, memory.manager()) : null;
    }

    INDArray gradient(String key) {
        return Objects.requireNonNull(gradients.get().get(key), key);
    }

    @Nullable
    INDArray biasGradient() {
        return hasBias ? gradient(BIAS) : null;
    }

    /** As DL4J's layers return them. */
    Gradient gradients(String... weights) {
        Gradient all = new DefaultGradient();
        if (hasBias) {
            all.setGradientFor(BIAS, gradient(BIAS));
        }
        for (String key : weights) {
            all.setGradientFor(key, gradient(key), 'c');
        }
        return all;
    }
}
