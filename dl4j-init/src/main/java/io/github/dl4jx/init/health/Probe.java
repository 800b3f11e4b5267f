package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.Moments;
import io.github.dl4jx.init.data.Slopes;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.core.JsonGenerator;
import org.nd4j.shade.jackson.databind.JsonSerializer;
import org.nd4j.shade.jackson.databind.SerializerProvider;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;
import org.nd4j.shade.jackson.databind.jsontype.TypeSerializer;

/**
 * A layer's activation for the length of one backward pass. DL4J shows the gradients between layers to no listener; the
 * activation alone is handed both its input and the gradient that comes to its output. One that stays behind, because the
 * backward pass threw an exception, does what the activation does, and is written as that.
 */
@JsonSerialize(using = Probe.AsActivation.class)
final class Probe implements IActivation {
    private static final long serialVersionUID = 1L;

    private final IActivation activation;

    /** Weak, since a network that is thrown away in the middle of a step takes no probe back. */
    private transient @Nullable WeakReference<Layer> layer;

    private transient OptionalDouble gradient = OptionalDouble.empty();
    private transient OptionalDouble saturated = OptionalDouble.empty();

    private Probe(IActivation activation, Layer layer) {
        this.activation = activation;
        this.layer = new WeakReference<>(layer);
    }

    /** The activation of a layer that maps each value by itself or is alone to use it, as {@link #set} can exchange it. */
    static @Nullable IActivation activation(Layer layer) {
        if (layer instanceof ActivationLayer activationLayer) {
            return activationLayer.getActivationFn();
        }
        return layer instanceof DenseLayer || layer instanceof ConvolutionLayer
                ? ((BaseLayer) layer).getActivationFn()
                : null;
    }

    /** Puts a probe into a layer; null where none can be. */
    static @Nullable Probe set(Layer layer) {
        IActivation activation = activation(layer);
        if (activation == null) {
            return null;
        }
        Probe probe = new Probe(activation instanceof Probe old ? old.activation : activation, layer);
        exchange(layer, probe);
        return probe;
    }

    /** Gives the layer its activation back. */
    void remove() {
        Layer probed = layer == null ? null : layer.get();
        if (probed != null && activation(probed) == this) {
            exchange(probed, activation);
        }
        layer = null;
    }

    private static void exchange(Layer layer, IActivation activation) {
        if (layer instanceof ActivationLayer activationLayer) {
            activationLayer.setActivationFn(activation);
        } else {
            ((BaseLayer) layer).setActivationFn(activation);
        }
    }

    /** The standard deviation of the gradient that came to the layer's output. */
    OptionalDouble gradient() {
        return gradient;
    }

    /** As {@link io.github.dl4jx.init.data.LayerSignal#saturated()}. */
    OptionalDouble saturated() {
        return saturated;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return activation.getActivation(in, training);
    }

    @Override
    @SuppressWarnings("try") // nothing is done with the scope
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        if (layer != null) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                gradient = OptionalDouble.of(Moments.of(epsilon).standardDeviation());
                INDArray slopes = Slopes.of(activation, in);
                saturated = slopes == null ? OptionalDouble.empty() : OptionalDouble.of(Slopes.saturated(slopes));
            }
        }
        return activation.backprop(in, epsilon);
    }

    @Override
    public int numParams(int inputSize) {
        return activation.numParams(inputSize);
    }

    @Override
    public String toString() {
        return activation.toString();
    }

    private Object writeReplace() {
        return activation;
    }

    /** Writes the activation as if there were no probe. */
    static final class AsActivation extends JsonSerializer<Probe> {
        @Override
        public void serialize(Probe probe, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.findValueSerializer(probe.activation.getClass()).serialize(probe.activation, json, provider);
        }

        @Override
        public void serializeWithType(Probe probe, JsonGenerator json, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            provider.findValueSerializer(probe.activation.getClass())
                    .serializeWithType(probe.activation, json, provider, type);
        }
    }
}
