package io.github.dl4jx.onednn;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's dense layer on oneDNN: forwards once and not twice, and on the same threads as the convolutions, where OpenBLAS
 * brings its own. With a mask it runs as DL4J has it.
 */
final class DnnDense extends DenseLayer {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final transient PreActivations preActivations;
    private final transient Plans<DensePlan.Key, DensePlan> plans;

    /** @param reads what it rounds rows and weights to before they are multiplied */
    DnnDense(NeuralNetConfiguration conf, Wiring wiring, DataType reads) {
        super(conf, DataType.FLOAT);
        plans = new Plans<>(key -> Plan.reading(reads, type -> new DensePlan(key, type)));
        port = new Port(wiring, org.deeplearning4j.nn.conf.CNN2DFormat.NCHW);
        preActivations = new PreActivations(new Nonlinearity(layerConf().getActivationFn()));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        if (!isOurs()) {
            return super.activate(training, manager);
        }
        applyDropOutIfNecessary(training, manager);
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray z = preOutput(training, memory, ArrayType.ACTIVATIONS);
        return preActivations.activate(
                z, input, training, () -> rows(manager, ArrayType.ACTIVATIONS, z.size(0), z.size(1)), memory);
    }

    private INDArray preOutput(boolean training, WorkingMemory memory, ArrayType type) {
        LayerWorkspaceMgr manager = memory.manager();
        INDArray weights = weights(training, manager);
        INDArray z = rows(manager, type, input.size(0), weights.size(1));
        plan().forward(rowMajor(input, memory), weights, bias(training, manager), z, memory);
        return z;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        if (!isOurs()) {
            return super.backpropGradient(epsilon, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray delta = rowMajor(
                preActivations.backprop(
                        rowMajor(epsilon, memory),
                        input,
                        () -> preOutput(true, memory, memory.type()),
                        () -> rows(manager, memory.type(), epsilon.size(0), epsilon.size(1)),
                        memory),
                memory);
        INDArray weightGradient = gradientView(DefaultParamInitializer.WEIGHT_KEY);
        INDArray biasGradient = hasBias() ? gradientView(DefaultParamInitializer.BIAS_KEY) : null;
        INDArray gradient =
                port.gradientUnread() ? null : rows(manager, ArrayType.ACTIVATION_GRAD, input.size(0), input.size(1));
        plan().backward(
                        rowMajor(input, memory),
                        delta,
                        weights(true, manager),
                        weightGradient,
                        biasGradient,
                        gradient,
                        memory);
        if (gradient != null) {
            gradient = backpropDropOutIfPresent(gradient);
        }
        Gradient gradients = new DefaultGradient();
        if (biasGradient != null) {
            gradients.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
        }
        gradients.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
        weightNoiseParams.clear();
        return new Pair<>(gradients, gradient);
    }

    private boolean isOurs() {
        return input != null
                && maskArray == null
                && input.rank() == 2
                && input.size(1) == getParam(DefaultParamInitializer.WEIGHT_KEY).size(0);
    }

    private DensePlan plan() {
        INDArray weights = getParam(DefaultParamInitializer.WEIGHT_KEY);
        return plans.get(new DensePlan.Key(input.size(0), weights.size(0), weights.size(1), hasBias()));
    }

    private INDArray weights(boolean training, LayerWorkspaceMgr manager) {
        INDArray weights = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, manager);
        return isDense(weights, 1, 0) ? weights : weights.dup('f');
    }

    private @Nullable INDArray bias(boolean training, LayerWorkspaceMgr manager) {
        return hasBias() ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, manager) : null;
    }

    private static INDArray rows(LayerWorkspaceMgr manager, ArrayType type, long rows, long columns) {
        return manager.createUninitialized(type, DataType.FLOAT, new long[] {rows, columns}, 'c');
    }

    private static INDArray rowMajor(INDArray rows, WorkingMemory memory) {
        INDArray floats = rows.castTo(DataType.FLOAT);
        return isDense(floats, 0, 1) ? floats : memory.manager().dup(memory.type(), floats, 'c');
    }

    /** Whether all numbers lie in one stretch of memory, those along {@code inner} side by side. */
    private static boolean isDense(INDArray matrix, int outer, int inner) {
        return (matrix.stride(inner) == 1 || matrix.size(inner) == 1)
                && (matrix.stride(outer) == matrix.size(inner) || matrix.size(outer) == 1);
    }

    private INDArray gradientView(String parameter) {
        return Objects.requireNonNull(gradientViews.get(parameter), parameter);
    }

    @Override
    public void clear() {
        super.clear();
        preActivations.clear();
    }
}
