package io.github.dl4jx.activations.layer;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of an activation without parameters that is no {@code IActivation}; {@link ParameterFreeRuntime} runs it. */
abstract class ParameterFreeLayer extends NoParamLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    @JsonIgnoreProperties("shape") // follows from the rest
    private @Nullable InputType inputType;

    /** For reading JSON. */
    ParameterFreeLayer() {}

    ParameterFreeLayer(Builder<?> builder) {
        super(builder);
        if (builder.inputType != null) {
            inputType = Layout.require(builder.inputType);
        }
    }

    /** What runs this configuration. */
    abstract ParameterFreeRuntime runtime(NeuralNetConfiguration conf, DataType dataType);

    /**
     * How many channels come out.
     *
     * @throws IllegalArgumentException if so many cannot come in
     */
    long outputChannels(long channels) {
        return channels;
    }

    /** The catalogue name with every parameter. */
    @Override
    public abstract String toString();

    /** The type of the arrays that come in; null before it is known. */
    public @Nullable InputType getInputType() {
        return inputType;
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> trainingListeners,
            int layerIndex,
            @Nullable INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        ParameterFreeRuntime layer = runtime(conf, networkDataType);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        return layer;
    }

    /**
     * The type that comes in, with the number of channels that goes out.
     *
     * @throws IllegalArgumentException if it is null or its number of channels cannot come in
     */
    @Override
    public final InputType getOutputType(int layerIndex, InputType type) {
        InputType known = Layout.require(type);
        long channels = Layout.channels(known);
        long out = outputChannels(channels);
        return out == channels ? type : Layout.withChannels(known, out);
    }

    @Override
    public final void setNIn(InputType type, boolean override) {
        if (inputType == null || override) {
            inputType = Layout.require(type);
        }
    }

    @Override
    public final @Nullable InputPreProcessor getPreProcessorForInputType(InputType type) {
        return null;
    }

    @Override
    public final boolean isPretrainParam(String paramName) {
        return false;
    }

    /** No parameters; the temporaries of a pass. */
    @Override
    public final LayerMemoryReport getMemoryReport(InputType type) {
        InputType out = getOutputType(-1, type);
        long elements = Math.max(type.arrayElementsPerExample(), out.arrayElementsPerExample());
        return new LayerMemoryReport.Builder(layerName, getClass(), type, out)
                .standardMemory(0, 0)
                .workingMemory(0, 2 * elements, 0, 3 * elements)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    /** A copy that shares no dropout mask. */
    @Override
    public final ParameterFreeLayer clone() {
        ParameterFreeLayer copy = (ParameterFreeLayer) super.clone();
        if (iDropout != null) {
            copy.iDropout = iDropout.clone();
        }
        return copy;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ParameterFreeLayer that
                && getClass() == that.getClass()
                && super.equals(that)
                && toString().equals(that.toString())
                && Objects.equals(inputType, that.inputType);
    }

    @Override
    protected final boolean canEqual(Object other) {
        return other instanceof ParameterFreeLayer;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(super.hashCode(), toString(), inputType);
    }

    /**
     * Collects the settings.
     *
     * @param <T> the builder itself
     */
    abstract static class Builder<T extends Builder<T>> extends org.deeplearning4j.nn.conf.layers.Layer.Builder<T> {
        private @Nullable InputType inputType;

        /**
         * The type of the arrays that come in, for a network without {@code setInputType}; there the network's wins. A
         * layer that is told neither takes axis 1 for the channels.
         *
         * @throws IllegalArgumentException if it is null or counts no channels
         */
        @SuppressWarnings("unchecked")
        public T inputType(InputType type) {
            inputType = Layout.require(type);
            return (T) this;
        }
    }
}
