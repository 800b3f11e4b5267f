package io.github.dl4jx.onednn;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's batch normalisation of images and of rows on oneDNN. The running mean and variance move by DL4J's rule: their
 * "gradients" are what the updater subtracts. A backward pass after a forward pass in inference mode, as {@code
 * FrozenLayerWithBackprop} makes it, runs as DL4J has it.
 */
final class DnnBatchNormalization extends BatchNormalization {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient Plans<BatchNormalizationPlan.Key, BatchNormalizationPlan> plans =
            new Plans<>(BatchNormalizationPlan::new);

    /** Mean and variance of the last training batch, and the input that they are of. */
    private transient @Nullable INDArray batchMean;

    private transient @Nullable INDArray batchVariance;
    private transient @Nullable INDArray trainedOn;

    DnnBatchNormalization(NeuralNetConfiguration conf, Wiring wiring) {
        super(conf, DataType.FLOAT);
        port = new Port(wiring, layerConf().getCnn2DFormat());
    }

    /** Whether DL4J's code for fixed scale and shift does what it says: with others than 1 and 0 it leaves one out. */
    static boolean isTakenOver(org.deeplearning4j.nn.conf.layers.BatchNormalization conf) {
        return !conf.isLockGammaBeta() || (conf.getGamma() == 1 && conf.getBeta() == 0);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        INDArray in = input;
        clearBatch();
        if (!isOurs(in)) {
            return super.activate(training, manager);
        }
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray x = images(in, memory);
        BatchNormalizationPlan plan = plans.get(key(x));
        INDArray y = Images.create(manager, ArrayType.ACTIVATIONS, x.size(0), x.size(1), x.size(2), x.size(3));
        if (training) {
            INDArray mean = manager.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, x.size(1));
            INDArray variance = manager.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, x.size(1));
            plan.forward(x, y, mean, variance, pair(GAMMA, params), memory);
            batchMean = mean;
            batchVariance = variance;
            trainedOn = in;
        } else {
            plan.infer(x, y, getParam(GLOBAL_MEAN), globalVariance(memory), pair(GAMMA, params), memory);
        }
        return in.rank() == 2 ? y.reshape('c', y.size(0), y.size(1)) : port.out(y, memory);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        INDArray in = input;
        INDArray mean = batchMean;
        INDArray variance = batchVariance;
        if (mean == null || variance == null || trainedOn != in) {
            super.activate(false, manager); // leaves what the built-in backward pass needs
            return super.backpropGradient(epsilon, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray x = images(in, memory);
        INDArray gradient = in.rank() == 2
                ? Images.create(manager, ArrayType.ACTIVATION_GRAD, x.size(0), x.size(1), 1, 1)
                : port.newGradient(manager, x.shape());
        plans.get(key(x))
                .backward(
                        x,
                        images(epsilon, memory),
                        mean,
                        variance,
                        gradient,
                        pair(GAMMA, params),
                        pair(GAMMA, gradientViews),
                        memory);
        Gradient gradients = new DefaultGradient();
        if (!layerConf().isLockGammaBeta()) {
            gradients.setGradientFor(GAMMA, gradientView(GAMMA));
            gradients.setGradientFor(BETA, gradientView(BETA));
        }
        moveStatistics(mean, variance, gradients);
        return new Pair<>(
                gradients,
                in.rank() == 2
                        ? gradient.reshape('c', gradient.size(0), gradient.size(1))
                        : port.gradient(gradient, memory));
    }

    /** What the updater is to subtract, so that a share 1 − decay of the batch's statistics comes in. */
    private void moveStatistics(INDArray mean, INDArray variance, Gradient gradients) {
        double share = 1 - layerConf().getDecay();
        move(GLOBAL_MEAN, mean, gradients, (old, batch) -> share * (old - batch));
        if (layerConf().isUseLogStd()) {
            // the running value is log10 of the deviation
            move(GLOBAL_LOG_STD, variance, gradients, (old, batch) -> {
                double from = Math.pow(10, 2 * old);
                return Math.log10(from / ((1 - share) * from + share * batch)) / 2;
            });
        } else {
            move(GLOBAL_VAR, variance, gradients, (old, batch) -> share * (old - batch));
        }
    }

    private void move(String statistic, INDArray batch, Gradient gradients, DoubleBinaryOperator step) {
        INDArray steps = gradientView(statistic);
        FloatBuffer old = Images.floats(getParam(statistic));
        FloatBuffer now = Images.floats(batch);
        FloatBuffer result = Images.floats(steps);
        for (int i = 0; i < result.limit(); i++) {
            result.put(i, (float) step.applyAsDouble(old.get(i), now.get(i)));
        }
        gradients.setGradientFor(statistic, steps);
    }

    private INDArray globalVariance(WorkingMemory memory) {
        if (!layerConf().isUseLogStd()) {
            return getParam(GLOBAL_VAR);
        }
        FloatBuffer log = Images.floats(getParam(GLOBAL_LOG_STD));
        INDArray variance = memory.create(DataType.FLOAT, log.limit());
        FloatBuffer result = Images.floats(variance);
        for (int i = 0; i < log.limit(); i++) {
            result.put(i, (float) Math.pow(10, 2.0 * log.get(i)));
        }
        return variance;
    }

    /** Scale and shift, or their gradients, which lie behind each other in DL4J's flat arrays; null if they are fixed. */
    private @Nullable INDArray pair(String first, Map<String, INDArray> of) {
        return layerConf().isLockGammaBeta() ? null : Objects.requireNonNull(of.get(first));
    }

    private BatchNormalizationPlan.Key key(INDArray x) {
        return new BatchNormalizationPlan.Key(
                x.size(0),
                x.size(1),
                x.size(2),
                x.size(3),
                (float) layerConf().getEps(),
                !layerConf().isLockGammaBeta());
    }

    /** Rows are images of one pixel. */
    private INDArray images(INDArray array, WorkingMemory memory) {
        if (array.rank() == 4) {
            return port.in(array, memory);
        }
        INDArray rows = array.castTo(DataType.FLOAT);
        INDArray dense = rows.ordering() == 'c' && rows.stride(1) == 1 && rows.stride(0) == rows.size(1)
                ? rows
                : memory.manager().dup(memory.type(), rows, 'c');
        return dense.reshape('c', dense.size(0), dense.size(1), 1, 1);
    }

    private boolean isOurs(@Nullable INDArray in) {
        if (in == null || (in.rank() != 4 && in.rank() != 2)) {
            return false;
        }
        if (!layerConf().isLockGammaBeta() && !Operation.follows(getParam(BETA), getParam(GAMMA))) {
            return false; // not parts of a network's flat parameters
        }
        int channels = in.rank() == 4 && layerConf().getCnn2DFormat() == CNN2DFormat.NHWC ? 3 : 1;
        return in.size(channels) == layerConf().getNOut();
    }

    private void clearBatch() {
        batchMean = null;
        batchVariance = null;
        trainedOn = null;
    }

    private INDArray gradientView(String parameter) {
        return Objects.requireNonNull(gradientViews.get(parameter), parameter);
    }

    @Override
    public void clear() {
        super.clear();
        clearBatch();
    }
}
