package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.init.ConfigurationNode;
import java.util.List;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.jspecify.annotations.Nullable;

/** What dropout that is set on a layer comes to in M2.1. */
final class Dropouts {
    /** Layers whose forward pass never asks for it; {@code DropoutsTest} runs each. */
    @SuppressWarnings("deprecation") // DL4J's Graves layer, which models of old still have
    private static final List<Class<? extends Layer>> IGNORING = List.of(
            ActivationLayer.class,
            BatchNormalization.class,
            LocalResponseNormalization.class,
            SubsamplingLayer.class,
            GlobalPoolingLayer.class,
            EmbeddingLayer.class,
            EmbeddingSequenceLayer.class,
            GravesBidirectionalLSTM.class,
            ZeroPadding1DLayer.class,
            ZeroPaddingLayer.class,
            ZeroPadding3DLayer.class,
            Cropping1D.class,
            Cropping2D.class,
            Cropping3D.class);

    private Dropouts() {}

    /** A layer's dropout; null where it has none, or one that drops nothing, as Keras' imports have. */
    static @Nullable IDropout of(ConfigurationNode node) {
        IDropout dropout = node.part() instanceof Layer layer ? layer.getIDropout() : null;
        return dropout == null || dropsNothing(dropout) ? null : dropout;
    }

    private static boolean dropsNothing(IDropout dropout) {
        if (dropout instanceof Dropout one) {
            return one.getPSchedule() == null && one.getP() == 1;
        }
        if (dropout instanceof SpatialDropout one) {
            return one.getPSchedule() == null && one.getP() == 1;
        }
        if (dropout instanceof org.deeplearning4j.nn.conf.dropout.AlphaDropout one) {
            return one.getPSchedule() == null && one.getP() == 1;
        }
        if (dropout instanceof GaussianDropout one) {
            return one.getRateSchedule() == null && one.getRate() == 0;
        }
        if (dropout instanceof GaussianNoise one) {
            return one.getStddevSchedule() == null && one.getStddev() == 0;
        }
        return dropout instanceof AlphaDropout one && one.getDropProbability() == 0;
    }

    /** Whether DL4J drops nothing in such a layer, whatever is set. */
    static boolean ignoring(ConfigurationNode node) {
        return Subject.lossAlone(node) || IGNORING.stream().anyMatch(type -> type.isInstance(node.part()));
    }
}
