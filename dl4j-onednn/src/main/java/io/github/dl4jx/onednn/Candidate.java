package io.github.dl4jx.onednn;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.nn.layers.convolution.SeparableConvolution2DLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.pooling.GlobalPoolingLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** A layer of an initialised network, frozen or not: whether it can be taken over, and what takes its place. */
final class Candidate {
    /** The reason of a layer that has a loss. */
    static final String OUTPUT_LAYER = "output layer";

    private final Layer outer;
    private final Layer layer;
    private final DataType type;

    /** @param type the network's */
    Candidate(Layer layer, DataType type) {
        outer = layer;
        this.layer = unfrozen(layer);
        this.type = type;
    }

    private static Layer unfrozen(Layer layer) {
        return isFrozen(layer) ? unfrozen(((BaseWrapperLayer) layer).getUnderlying()) : layer;
    }

    private static boolean isFrozen(Layer layer) {
        return layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop;
    }

    /** Whether DL4J's backward pass ends here. */
    boolean endsBackwardPass() {
        return outer instanceof FrozenLayer;
    }

    /** Whether it leaves its input as it is. */
    boolean leavesInput() {
        return obstacle() == null && outer == layer && layer.conf().getLayer().getIDropout() == null;
    }

    /** Whether its backward pass does without its output. */
    boolean forgetsOutput() {
        return obstacle() == null && outer == layer && layer instanceof BatchNormalization;
    }

    String typeName() {
        return layer.conf().getLayer().getClass().getSimpleName();
    }

    /** Why it cannot be taken over, or null. */
    @Nullable
    String obstacle() {
        if (type != DataType.FLOAT) {
            return type + "; oneDNN is for FLOAT";
        }
        org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
        if (is(SubsamplingLayer.class, DnnPooling.class)) {
            return poolingObstacle((org.deeplearning4j.nn.conf.layers.SubsamplingLayer) conf);
        }
        if (is(GlobalPoolingLayer.class, DnnGlobalPooling.class)) {
            return globalObstacle((org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer) conf);
        }
        if (is(BatchNormalization.class, DnnBatchNormalization.class)) {
            return DnnBatchNormalization.isTakenOver((org.deeplearning4j.nn.conf.layers.BatchNormalization) conf)
                    ? null
                    : "lockGammaBeta with others than 1 and 0";
        }
        if (is(DenseLayer.class, DnnDense.class)) {
            return ((org.deeplearning4j.nn.conf.layers.DenseLayer) conf).hasLayerNorm() ? "layer normalisation" : null;
        }
        if (is(ConvolutionLayer.class, DnnConvolution.class)
                || is(DepthwiseConvolution2DLayer.class, DnnDepthwiseConvolution.class)
                || is(SeparableConvolution2DLayer.class, DnnSeparableConvolution.class)
                || is(ActivationLayer.class, DnnActivation.class)) {
            return null;
        }
        return layer instanceof IOutputLayer ? OUTPUT_LAYER : "no such layer on oneDNN";
    }

    private boolean is(Class<? extends Layer> original, Class<? extends Layer> ours) {
        return layer.getClass() == original || layer.getClass() == ours;
    }

    private static @Nullable String poolingObstacle(org.deeplearning4j.nn.conf.layers.SubsamplingLayer conf) {
        if (conf.getPoolingType() != PoolingType.MAX && conf.getPoolingType() != PoolingType.AVG) {
            return conf.getPoolingType() + " pooling";
        }
        return Arrays.stream(conf.getDilation()).anyMatch(d -> d != 1) ? "dilated pooling" : null;
    }

    private static @Nullable String globalObstacle(org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer conf) {
        if (conf.getPoolingType() != PoolingType.MAX && conf.getPoolingType() != PoolingType.AVG) {
            return conf.getPoolingType() + " pooling";
        }
        return format(conf) == null ? "pooling of dimensions " + Arrays.toString(conf.getPoolingDimensions()) : null;
    }

    /** Null if it does not pool over height and width. */
    private static @Nullable CNN2DFormat format(org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer conf) {
        int[] dimensions = conf.getPoolingDimensions();
        if (dimensions == null || Arrays.equals(dimensions, new int[] {2, 3})) {
            return CNN2DFormat.NCHW;
        }
        return Arrays.equals(dimensions, new int[] {1, 2}) ? CNN2DFormat.NHWC : null;
    }

    /**
     * Makes the layer that runs on oneDNN, with this one's parameters and state.
     *
     * @param reads what convolutions and dense layers round to before they multiply: {@code FLOAT} or {@code BFLOAT16}
     * @return what is to stand in its place: the new layer, or this one's frozen wrapper, which now holds it
     */
    Layer takeOver(Wiring wiring, DataType reads) {
        Layer made = make(wiring, reads);
        inherit(layer, made);
        if (outer == layer) {
            return made;
        }
        Layer wrapper = outer;
        while (isFrozen(((BaseWrapperLayer) wrapper).getUnderlying())) {
            wrapper = ((BaseWrapperLayer) wrapper).getUnderlying();
        }
        new PrivateField<Layer>(wrapper, BaseWrapperLayer.class, "underlying").set(made);
        return outer;
    }

    private Layer make(Wiring wiring, DataType reads) {
        if (layer instanceof SubsamplingLayer) {
            return new DnnPooling(layer.conf(), wiring);
        }
        if (layer instanceof GlobalPoolingLayer) {
            CNN2DFormat format = format((org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer)
                    layer.conf().getLayer());
            return new DnnGlobalPooling(layer.conf(), wiring, format == null ? CNN2DFormat.NCHW : format);
        }
        if (layer instanceof BatchNormalization) {
            return new DnnBatchNormalization(layer.conf(), wiring);
        }
        if (layer instanceof DenseLayer) {
            return new DnnDense(layer.conf(), wiring, reads);
        }
        if (layer instanceof ActivationLayer) {
            return new DnnActivation(layer.conf(), wiring);
        }
        if (layer instanceof DepthwiseConvolution2DLayer) {
            return new DnnDepthwiseConvolution(layer.conf(), wiring, reads);
        }
        return layer instanceof SeparableConvolution2DLayer
                ? new DnnSeparableConvolution(layer.conf(), wiring, reads)
                : new DnnConvolution(layer.conf(), wiring, reads);
    }

    private static void inherit(Layer from, Layer to) {
        to.setIndex(from.getIndex());
        to.setListeners(from.getListeners());
        to.setCacheMode(new PrivateField<CacheMode>(from, AbstractLayer.class, "cacheMode").get());
        to.setIterationCount(from.getIterationCount());
        to.setEpochCount(from.getEpochCount());
        to.allowInputModification(Boolean.TRUE.equals(
                new PrivateField<Boolean>(from, AbstractLayer.class, "inputModificationAllowed").get()));
        if (from.params() != null) {
            to.setParamsViewArray(from.params());
            to.setParamTable(from.paramTable());
            if (from.getGradientsViewArray() != null) {
                to.setBackpropGradientsViewArray(from.getGradientsViewArray());
            }
        }
    }
}
