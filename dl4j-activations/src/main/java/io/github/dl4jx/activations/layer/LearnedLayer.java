package io.github.dl4jx.activations.layer;

import io.github.dl4jx.activations.formula.BinaryKernel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of an activation y = f(x; p) that maps each element by itself, with parameters p that are learned. A
 * subclass says what f and its partial derivatives are; {@link LearnedRuntime} runs them over arrays.
 *
 * <p>Weight initialisation, bias initialisation, weight noise, weight decay and constraints that are set for the whole
 * network leave the parameters alone; l1, l2, weight decay and constraints on the layer's own builder act on them.
 */
abstract class LearnedLayer extends BaseLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    @JsonIgnoreProperties("shape") // follows from the rest
    private @Nullable InputType inputType;

    /** What the layer's own builder was told; DL4J adds the network's to {@link BaseLayer#regularization}. */
    @JsonProperty
    private ArrayList<Regularization> ownRegularization = new ArrayList<>();

    /** The same of {@code Layer.constraints}; null where there are none, as there. */
    @JsonProperty
    private @Nullable List<LayerConstraint> ownConstraints;

    /** How many parameters there were before the input's type became another; negative if it did not. */
    private transient long parametersBefore = -1;

    /** For reading JSON. */
    LearnedLayer() {}

    /** A subclass calls {@code initializeConstraints} at the end of its own. */
    LearnedLayer(Builder<?> builder) {
        super(builder);
        builder.refuseWhatHasNoMeaning();
        setActivationFn(new ActivationIdentity());
        ownRegularization.addAll(builder.getRegularization());
        if (builder.inputType != null) {
            inputType = Layout.require(builder.inputType);
        }
    }

    /** The parameters by name, in the order of {@link #value}, each with the value that it starts from. */
    abstract Map<String, Double> startValues();

    /** Which elements share a parameter. */
    abstract Sharing sharing();

    /**
     * f of each element, in ND4J operations.
     *
     * @param x float or double; only read
     * @param parameters of the type of {@code x}, in a shape that is broadcast to its; only read
     * @return a new array
     */
    abstract INDArray value(INDArray x, List<INDArray> parameters);

    /** The derivatives of {@link #value} for each element, under its rules: ∂f/∂x, then ∂f/∂p of each parameter. */
    abstract List<INDArray> partials(INDArray x, List<INDArray> parameters);

    /** {@link #value} for the fused loops, of x and the first parameter; the others are the same for all elements. */
    abstract BinaryKernel valueKernel(List<INDArray> parameters);

    /** {@link #partials} for the fused loops, as {@link #valueKernel}. */
    abstract List<BinaryKernel> partialKernels(List<INDArray> parameters);

    /** The catalogue name with every parameter. */
    @Override
    public abstract String toString();

    /** The type of the arrays that come in; null before it is known. */
    public @Nullable InputType getInputType() {
        return inputType;
    }

    /** The shape of each parameter, ready to be broadcast. */
    final long[] parameterShape() {
        return Layout.parameterShape(sharing(), inputType);
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        LearnedRuntime layer = new LearnedRuntime(conf, networkDataType, parametersBefore);
        parametersBefore = -1;
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        return layer;
    }

    @Override
    public final ParamInitializer initializer() {
        return LearnedParameters.INSTANCE;
    }

    /**
     * The type that comes in: nothing changes the shape.
     *
     * @throws IllegalArgumentException if it is null
     */
    @Override
    public final InputType getOutputType(int layerIndex, InputType type) {
        Layout.require(type);
        return type;
    }

    @Override
    public final void setNIn(InputType type, boolean override) {
        if (inputType == null || override) {
            long before = knownParameters();
            inputType = Layout.require(type);
            if (knownParameters() != before) {
                parametersBefore = before;
            }
        }
    }

    private long knownParameters() {
        return Layout.isKnown(sharing(), inputType) ? initializer().numParams(this) : 0;
    }

    @Override
    public final @Nullable InputPreProcessor getPreProcessorForInputType(InputType type) {
        return null;
    }

    @Override
    public final boolean isPretrainParam(String paramName) {
        return false;
    }

    /** What the layer's own builder was told; never what the network's was. */
    @Override
    public final List<Regularization> getRegularizationByParam(String paramName) {
        return ownRegularization;
    }

    @Override
    protected final void initializeConstraints(org.deeplearning4j.nn.conf.layers.Layer.Builder<?> builder) {
        super.initializeConstraints(builder);
        ownConstraints = constraints;
    }

    /** What the layer's own builder was told; never what the network's was. */
    @Override
    public final @Nullable List<LayerConstraint> getConstraints() {
        return ownConstraints;
    }

    @Override
    public final void resetLayerDefaultConfig() {
        super.resetLayerDefaultConfig();
        ownRegularization = new ArrayList<>();
        ownConstraints = null;
    }

    /** Parameters, their updater state, and the temporaries of a pass. */
    @Override
    public final LayerMemoryReport getMemoryReport(InputType type) {
        long parameters = initializer().numParams(this);
        long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
        long elements = type.arrayElementsPerExample();
        return new LayerMemoryReport.Builder(layerName, getClass(), type, type)
                .standardMemory(parameters, state)
                .workingMemory(0, 2 * elements, parameters, 4 * elements)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public final LearnedLayer clone() {
        LearnedLayer copy = (LearnedLayer) super.clone();
        copy.ownRegularization = new ArrayList<>();
        ownRegularization.forEach(one -> copy.ownRegularization.add(one.clone()));
        return copy;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof LearnedLayer that
                && getClass() == that.getClass()
                && super.equals(that)
                && toString().equals(that.toString())
                && Objects.equals(inputType, that.inputType)
                && ownRegularization.equals(that.ownRegularization);
    }

    @Override
    protected final boolean canEqual(Object other) {
        return other instanceof LearnedLayer;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(super.hashCode(), toString(), inputType, ownRegularization);
    }

    /**
     * Collects the settings.
     *
     * @param <T> the builder itself
     */
    abstract static class Builder<T extends Builder<T>> extends BaseLayer.Builder<T> {
        private @Nullable InputType inputType;

        /**
         * The type of the arrays that come in, for a network without {@code setInputType}; there the network's wins.
         *
         * @throws IllegalArgumentException if it is null or counts no channels
         */
        @SuppressWarnings("unchecked")
        public T inputType(InputType type) {
            inputType = Layout.require(type);
            return (T) this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T weightDecay(double coefficient) {
            super.weightDecay(coefficient);
            return (T) this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T weightDecay(double coefficient, boolean applyLR) {
            super.weightDecay(coefficient, applyLR);
            return (T) this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T regularization(List<Regularization> regularization) {
            super.regularization(regularization);
            return (T) this;
        }

        private void refuseWhatHasNoMeaning() {
            refuse("activation", getActivationFn());
            refuse("weightInit", getWeightInitFn());
            refuse("weightNoise", getWeightNoise());
        }

        private static void refuse(String argument, @Nullable Object value) {
            if (value != null) {
                throw new IllegalArgumentException(
                        argument + " is " + value + "; valid: not set, the layer is an activation itself");
            }
        }
    }
}
