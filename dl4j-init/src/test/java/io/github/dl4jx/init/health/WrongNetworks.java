package io.github.dl4jx.init.health;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.ELU;
import io.github.dl4jx.activations.HardSigmoid;
import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.LeakyReLU;
import io.github.dl4jx.activations.Mish;
import io.github.dl4jx.activations.ReLU;
import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.Sigmoid;
import io.github.dl4jx.activations.Softmax;
import io.github.dl4jx.activations.Step;
import io.github.dl4jx.activations.Tanh;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.init.Constant;
import io.github.dl4jx.init.Gaussian;
import io.github.dl4jx.init.He;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.Xavier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks with one fault each, of 25 kinds, in 64 weights or more, in sizes by chance. */
final class WrongNetworks {
    /**
     * A kind of fault.
     *
     * @param rule that has to find it
     */
    record Kind(String name, String rule, Function<Random, Case> make) {}

    static final List<Kind> KINDS = List.of(
            output("sigmoid for classes that exclude each other", LossFunction.MCXENT, new Sigmoid()),
            output("softmax for yes or no", LossFunction.XENT, new Softmax()),
            output("logarithm of any number", LossFunction.MCXENT, new Identity()),
            output("distances of probabilities", LossFunction.MSE, new Softmax()),
            output("counts below 0", LossFunction.POISSON, new Identity()),
            output("hinge of a sigmoid", LossFunction.HINGE, new Sigmoid()),
            new Kind(
                    "softmax over one unit",
                    "output-activation",
                    random -> flat(
                            random, hidden(random, new ReLU()), Build.output(LossFunction.XENT, new Softmax(), 1))),
            new Kind("softmax twice", "output-activation", WrongNetworks::softmaxTwice),
            new Kind("a Bernoulli distribution of tanh", "output-activation", WrongNetworks::bernoulli),
            initializer("all weights 0", new ReLU(), new Constant(0), "parameters"),
            initializer("all weights equal", new Tanh(), new Constant(0.1), "parameters"),
            initializer("small weights in a deep network", new ReLU(), new Gaussian(0.01)),
            initializer("large weights", new Tanh(), new Gaussian(1)),
            initializer("Xavier in a deep network of rectifiers", new ReLU(), Xavier.uniform()),
            initializer("SELU without its initialiser", new SELU(), He.normal()),
            initializer("LECUN_UNIFORM", new Tanh(), WeightInit.LECUN_UNIFORM.getWeightInitFunction(), "built-in"),
            new Kind(
                    "an activation that turns NaN",
                    "built-in",
                    random -> flat(
                            random,
                            hidden(
                                    random,
                                    Build.pick(
                                                    random,
                                                    Activation.SWISH,
                                                    Activation.MISH,
                                                    Activation.GELU,
                                                    Activation.SOFTPLUS)
                                            .getActivationFunction()))),
            dropout("dropout behind SELU", new SELU(), new Dropout(0.8)),
            dropout("AlphaDropout behind a rectifier", new ReLU(), AlphaDropout.dropping(0.1)),
            new Kind("dropout that is ignored", "dropout", WrongNetworks::ignoredDropout),
            new Kind("a forgotten activation", "hidden-activation", WrongNetworks::forgotten),
            new Kind("no activation between two layers", "hidden-activation", WrongNetworks::linear),
            new Kind(
                    "an activation without a slope",
                    "hidden-activation",
                    random -> flat(random, hidden(random, new Step()))),
            new Kind("parameters that are damaged", "parameters", WrongNetworks::damaged),
            new Kind("a signal that does not pass", "signal", WrongNetworks::ill));

    private WrongNetworks() {}

    /** The kinds in turn. */
    static Kind kind(int number) {
        return KINDS.get(number % KINDS.size());
    }

    static Case get(int number) {
        return kind(number).make.apply(new Random(number));
    }

    private static int units(Random random) {
        return Build.pick(random, 10, 12, 16, 20, 32, 50, 64, 100, 128);
    }

    private static IActivation good(Random random) {
        return Build.pick(random, new ReLU(), new LeakyReLU(0.01), new Mish(), new Tanh(), new ELU());
    }

    private static List<Layer> hidden(Random random, IActivation activation) {
        int units = units(random);
        return Stream.generate(() -> (Layer) Build.dense(units, activation))
                .limit(1 + random.nextInt(3))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Case flat(Random random, List<? extends Layer> hidden, Layer... last) {
        int inputs = 8 + random.nextInt(40);
        List<Layer> layers = new ArrayList<>(hidden);
        layers.addAll(last.length == 0 ? List.of(Build.classifier()) : List.of(last));
        return Case.of("wrong", Build.network(InputType.feedForward(inputs), layers), inputs);
    }

    private static Kind output(String name, LossFunction loss, IActivation activation) {
        return new Kind(name, "output-activation", random -> {
            OutputLayer output = Build.output(loss, activation, 2 + random.nextInt(8));
            return flat(random, hidden(random, good(random)), output);
        });
    }

    private static Case softmaxTwice(Random random) {
        LossLayer loss = new LossLayer.Builder(LossFunction.MCXENT)
                .activation(new Softmax())
                .build();
        return flat(random, hidden(random, good(random)), Build.dense(4, new Softmax()), loss);
    }

    private static Case bernoulli(Random random) {
        return flat(
                random,
                hidden(random, good(random)),
                new VariationalAutoencoder.Builder()
                        .nOut(8)
                        .encoderLayerSizes(units(random))
                        .decoderLayerSizes(units(random))
                        .activation(new Tanh())
                        .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.TANH))
                        .build());
    }

    private static Kind initializer(String name, IActivation activation, IWeightInit initializer) {
        return initializer(name, activation, initializer, "initialiser");
    }

    private static Kind initializer(String name, IActivation activation, IWeightInit initializer, String rule) {
        return new Kind(name, rule, random -> {
            int units = units(random);
            return flat(
                    random,
                    Stream.generate(() -> Build.dense(units, activation, initializer))
                            .limit(12)
                            .toList());
        });
    }

    private static Kind dropout(String name, IActivation activation, IDropout dropout) {
        return new Kind(name, "dropout", random -> {
            DenseLayer dropping = Build.dense(units(random), activation);
            dropping.setIDropout(dropout);
            List<Layer> layers = hidden(random, activation);
            layers.add(dropping);
            return flat(random, layers);
        });
    }

    private static Case ignoredDropout(Random random) {
        ActivationLayer activation = new ActivationLayer(good(random));
        activation.setIDropout(new Dropout(0.5));
        List<Layer> layers = hidden(random, good(random));
        layers.add(Build.dense(units(random), new Identity(), He.normal()));
        layers.add(activation);
        return flat(random, layers);
    }

    private static Case forgotten(Random random) {
        IActivation activation = Build.pick(random, new ReLU(), new LeakyReLU(0.01), Activations.get("hard-swish"));
        int units = units(random);
        DenseLayer forgotten = new DenseLayer.Builder().nOut(units).build();
        return flat(random, List.of(Build.dense(units(random), activation), forgotten, Build.dense(units, activation)));
    }

    private static Case linear(Random random) {
        int units = units(random);
        return flat(
                random,
                List.of(
                        Build.dense(units(random), good(random)),
                        Build.dense(units, new Identity(), LeCun.normal()),
                        Build.dense(units, Build.pick(random, new Identity(), new ReLU()), LeCun.normal()),
                        Build.dense(units(random), new ReLU())));
    }

    private static Case damaged(Random random) {
        Case well = flat(random, hidden(random, good(random)));
        Consumer<INDArray> harm = Build.pick(random, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)
                        .isNaN()
                ? parameters -> parameters.putScalar(parameters.length() / 2, Float.NaN)
                : parameters -> parameters.putScalar(parameters.length() / 3, Float.POSITIVE_INFINITY);
        return new Case("wrong", well.configuration(), well.input(), 0, harm);
    }

    /** Sixteen inputs and units: the first 256 parameters are the first layer's weights, and its biases follow. */
    private static Case ill(Random random) {
        BiFunction<IActivation, Consumer<INDArray>, Case> make = (activation, harm) -> new Case(
                "wrong",
                Build.network(
                        InputType.feedForward(16),
                        List.of(Build.dense(16, activation), Build.dense(16, activation), Build.classifier())),
                List.of(16L),
                0,
                harm);
        return switch (random.nextInt(4)) {
            case 0 ->
                make.apply(new ReLU(), parameters -> part(parameters, 256, 272).assign(-1e4));
            case 1 ->
                make.apply(
                        Build.pick(random, new Tanh(), new Sigmoid(), new HardSigmoid()),
                        parameters -> part(parameters, 0, 256).muli(1e3));
            case 2 ->
                make.apply(good(random), parameters -> part(parameters, 0, 256).muli(1e-7));
            default ->
                make.apply(new ReLU(), parameters -> part(parameters, 0, 256).muli(1e7));
        };
    }

    private static INDArray part(INDArray parameters, long from, long to) {
        return parameters.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }
}
