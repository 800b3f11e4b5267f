package io.github.dl4jx.onednn;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One layer built twice with the same parameters: on oneDNN, or with its helper, and as DL4J has it. */
record Twin(Layer on, Layer off) {

    /** What one pass through a layer gave. */
    record Pass(INDArray output, INDArray epsilon, Map<String, INDArray> gradients) {
        INDArray gradient(String parameter) {
            return Objects.requireNonNull(gradients.get(parameter), parameter);
        }
    }

    static Twin of(org.deeplearning4j.nn.conf.layers.Layer conf, InputType inputType) {
        return of(conf, inputType, OneDnn::require);
    }

    static Twin helped(org.deeplearning4j.nn.conf.layers.Layer conf, InputType inputType) {
        return of(conf, inputType, network -> Helpers.install(network.getLayers()));
    }

    private static Twin of(
            org.deeplearning4j.nn.conf.layers.Layer conf, InputType inputType, Consumer<MultiLayerNetwork> enable) {
        MultiLayerNetwork off = network(conf, inputType);
        MultiLayerNetwork on = network(conf, inputType);
        enable.accept(on);
        if (on.numParams() > 0) {
            // Away from special values such as gamma = 1 and beta = 0; positive, because variances are parameters too.
            Nd4j.getRandom().setSeed(5);
            on.params().addi(Nd4j.rand(on.params().shape()).addi(0.1));
            off.params().assign(on.params());
        }
        return new Twin(on.getLayer(0), off.getLayer(0));
    }

    static MultiLayerNetwork network(org.deeplearning4j.nn.conf.layers.Layer conf, InputType inputType) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .list()
                .layer(conf.clone())
                .validateOutputLayerConfig(false)
                .setInputType(inputType)
                .build());
        network.init();
        if (network.numParams() > 0) {
            network.initGradientsView();
        }
        return network;
    }

    static <T> T any(T[] of, Random random) {
        return of[random.nextInt(of.length)];
    }

    /** The shape that the layer gives for an input of the given shape. */
    long[] outputShape(long... inputShape) {
        off.setInput(Nd4j.zeros(DataType.FLOAT, inputShape), LayerWorkspaceMgr.noWorkspaces());
        long[] shape = off.activate(false, LayerWorkspaceMgr.noWorkspaces()).shape();
        off.clear();
        return shape;
    }

    /** How often a helper failed so that the layer went back to built-in code for good. */
    static int failures(Layer layer) {
        return (int) get(layer, "helperCountFail");
    }

    static Object get(Layer layer, String field) {
        try {
            return field(layer.getClass(), field).get(layer);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(field, e);
        }
    }

    static void set(Layer layer, String field, Object value) {
        try {
            field(layer.getClass(), field).set(layer, value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(field, e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            if (type.getSuperclass() == null) {
                throw e;
            }
            return field(type.getSuperclass(), name);
        }
    }

    /**
     * Forward and backward through one layer, in workspaces full of NaN: what a helper leaves unwritten shows.
     */
    @SuppressWarnings("try") // workspaces are used by being open
    static Pass pass(Layer layer, INDArray input, INDArray epsilon, boolean training) {
        WorkspaceConfiguration configuration = WorkspaceConfiguration.builder()
                .initialSize(1 << 20)
                .policyLearning(LearningPolicy.NONE)
                .policyAllocation(AllocationPolicy.STRICT)
                .build();
        try (var dirt = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "TWIN")) {
            Nd4j.valueArrayOf(new long[] {(1 << 18) - (1 << 10)}, Float.NaN, DataType.FLOAT);
        }
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.builder()
                .defaultNoWorkspace()
                .with(ArrayType.ACTIVATIONS, "TWIN", configuration)
                .with(ArrayType.ACTIVATION_GRAD, "TWIN", configuration)
                .build();
        try (var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "TWIN")) {
            layer.setInput(input, manager);
            INDArray output = copy(layer.activate(training, manager));
            var back = layer.backpropGradient(epsilon, manager);
            Map<String, INDArray> gradients = new TreeMap<>();
            back.getFirst().gradientForVariable().forEach((name, g) -> gradients.put(name, copy(g)));
            return new Pass(output, copy(back.getSecond()), gradients);
        } finally {
            layer.clear();
        }
    }

    @SuppressWarnings("try")
    static INDArray copy(INDArray array) {
        try (var none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return array.dup('c');
        }
    }
}
