package io.github.dl4jx.activations.layer;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One layer on the test bench, without a network around it. */
final class Bench {
    /** What {@link LayerMutationsTest} does to the results. */
    enum Mutation {
        NONE("as it is"),
        VALUE("f + 1e-5"),
        GRADIENT("gradient + 1 %"),
        PARAMETER_GRADIENT("gradient of the parameters + 1 %");

        final String words;

        Mutation(String words) {
            this.words = words;
        }
    }

    static Mutation mutation = Mutation.NONE;

    final org.deeplearning4j.nn.api.Layer layer;
    private final LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();

    Bench(Layer configuration, @Nullable InputType type, DataType dataType) {
        NeuralNetConfiguration network =
                new NeuralNetConfiguration.Builder().layer(configuration).build();
        Layer own = network.getLayer();
        if (type != null) {
            own.setNIn(type, true);
        }
        long length = own.initializer().numParams(own);
        INDArray none = null;
        INDArray parameters = length == 0 ? none : Nd4j.create(dataType, 1, length);
        layer = own.instantiate(network, List.of(), 0, parameters, true, dataType);
        if (length > 0) {
            layer.setBackpropGradientsViewArray(Nd4j.valueArrayOf(new long[] {1, length}, 99.0, dataType));
        }
    }

    INDArray forward(INDArray x, boolean training) {
        INDArray y = layer.activate(x, training, workspaces);
        return mutation == Mutation.VALUE ? y.addi(1e-5) : y;
    }

    Pair<Gradient, INDArray> backward(INDArray g) {
        Pair<Gradient, INDArray> result = layer.backpropGradient(g, workspaces);
        if (mutation == Mutation.GRADIENT) {
            result.getSecond().muli(1.01);
        } else if (mutation == Mutation.PARAMETER_GRADIENT) {
            result.getFirst().gradientForVariable().values().forEach(gradient -> gradient.muli(1.01));
        }
        return result;
    }

    /** The learned values, a list a name. */
    List<double[]> parameters() {
        List<double[]> all = new ArrayList<>();
        layer.paramTable().values().forEach(p -> all.add(flat(p)));
        return all;
    }

    /** The values in c order. */
    static double[] flat(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }
}
