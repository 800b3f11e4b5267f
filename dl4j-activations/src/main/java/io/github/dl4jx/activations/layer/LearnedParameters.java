package io.github.dl4jx.activations.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a {@link LearnedLayer}, one after the other in DL4J's flat array, each in c order. */
final class LearnedParameters implements ParamInitializer {
    static final LearnedParameters INSTANCE = new LearnedParameters();

    private LearnedParameters() {}

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    /** How many there are; 0 while the input type is unknown, since DL4J asks before. */
    @Override
    public long numParams(Layer layer) {
        LearnedLayer learned = (LearnedLayer) layer;
        if (learned.getInputType() == null && learned.sharing() != Sharing.SHARED) {
            return 0;
        }
        return learned.startValues().size() * ArrayUtil.prodLong(learned.parameterShape());
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(((LearnedLayer) layer).startValues().keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return paramKeys(layer);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return paramKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> parameters = views(conf, paramsView);
        Map<String, Double> startValues = ((LearnedLayer) conf.getLayer()).startValues();
        for (Map.Entry<String, INDArray> parameter : parameters.entrySet()) {
            conf.addVariable(parameter.getKey());
            if (initializeParams) {
                parameter.getValue().assign(startValues.get(parameter.getKey()));
            }
        }
        return parameters;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return views(conf, gradientView);
    }

    /** The parameters' places in a flat array. */
    private static Map<String, INDArray> views(NeuralNetConfiguration conf, INDArray flat) {
        LearnedLayer layer = (LearnedLayer) conf.getLayer();
        long[] shape = layer.parameterShape();
        List<String> names = new ArrayList<>(layer.startValues().keySet());
        long length = ArrayUtil.prodLong(shape);
        if (flat.length() != names.size() * length) {
            throw new IllegalArgumentException("parameters have length " + flat.length() + "; valid: "
                    + names.size() * length + ", for input of type " + layer.getInputType());
        }
        INDArray row = flat.reshape(flat.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            INDArray view = row.get(NDArrayIndex.interval(i * length, (i + 1) * length));
            views.put(names.get(i), view.reshape('c', shape));
        }
        return views;
    }
}
