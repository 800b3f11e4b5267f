package io.github.dl4jx.examples.demo;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.examples.signal.Picture;
import io.github.dl4jx.init.LeCun;
import io.github.dl4jx.init.data.LayerSignal;
import io.github.dl4jx.init.data.Signals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is left of a gradient behind sigmoid units, the larger their inputs. */
final class SigmoidSaturation implements Demonstration {
    private static final int EXAMPLES = 200;
    private static final int UNITS = 200;
    private static final List<String> ACTIVATIONS = List.of("sigmoid", "tanh", "softsign", "relu");

    /** Of the inputs' standard deviation, powers of ten in quarters. */
    private static final List<Double> SCALES =
            IntStream.rangeClosed(-8, 12).mapToObj(i -> Math.pow(10, i / 4.0)).toList();

    private static final int SMALLEST = 0;
    private static final int HUNDRED = 16;

    @Override
    public String name() {
        return "saturation";
    }

    @Override
    public String title() {
        return "Sigmoids saturate and kill gradients";
    }

    @Override
    public String claim() {
        return "Where its input is far from 0, a sigmoid's slope is nearly 0, and so is the gradient that passes it. At 0 it is"
                + " 1/4, no more.";
    }

    @Override
    public String meaning() {
        return "The more the inputs spread, the fewer units are near 0, where the slope is. What passes comes from those few:"
                + " the gradient's root mean square falls as √(0.0665/s) for inputs of deviation s, since ∫σ′² = 1/6 and the"
                + " density of inputs at 0 is 0.399/s. A power law over all units; each saturated unit by itself has lost its"
                + " gradient exponentially. tanh starts from 1 instead of 1/4 and saturates as well, softsign more slowly; ReLU"
                + " lets half pass at any scale.";
    }

    private record Curve(List<Double> gradient, List<Double> saturated) {}

    @Override
    public Outcome run(Setting setting) {
        Map<String, Curve> all = new LinkedHashMap<>();
        Table curves = Table.of("activation", "input_std", "gradient", "saturated");
        for (String activation : ACTIVATIONS) {
            Curve curve = measure(activation, setting.seed());
            all.put(activation, curve);
            for (int i = 0; i < SCALES.size(); i++) {
                curves = curves.with(activation, SCALES.get(i), curve.gradient.get(i), curve.saturated.get(i));
            }
        }
        Table summary = Table.of("activation", "gradient at input std 0.01", "at 1", "at 100", "saturated at 100");
        for (Map.Entry<String, Curve> one : all.entrySet()) {
            Curve curve = one.getValue();
            summary = summary.with(
                    one.getKey(),
                    curve.gradient.get(SMALLEST),
                    curve.gradient.get(HUNDRED / 2),
                    curve.gradient.get(HUNDRED),
                    curve.saturated.get(HUNDRED));
        }
        Curve sigmoid = all.getOrDefault("sigmoid", new Curve(List.of(), List.of()));
        Curve relu = all.getOrDefault("relu", sigmoid);
        List<Check> checks = List.of(
                Check.between(
                        "sigmoid: gradient left at input std 0.01, where theory says 1/4",
                        sigmoid.gradient.get(SMALLEST),
                        0.245,
                        0.255),
                Check.between(
                        "sigmoid: gradient left at input std 100, by what theory says, √(0.0665/100)",
                        sigmoid.gradient.get(HUNDRED) / theory(100),
                        0.95,
                        1.05),
                Check.atLeast(
                        "sigmoid: share of saturated values (slope below 0.01) at input std 100",
                        sigmoid.saturated.get(HUNDRED),
                        0.9),
                Check.between(
                        "ReLU: gradient left at input std 100 by that at 0.01",
                        relu.gradient.get(HUNDRED) / relu.gradient.get(SMALLEST),
                        0.99,
                        1.01));
        return new Outcome(
                "one layer of " + UNITS + " units, LeCun, " + EXAMPLES
                        + " examples of N(0, s²); gradient: its root mean square in front of the layer, where one of N(0, 1)"
                        + " comes from behind",
                checks,
                summary,
                curves,
                new Outcome.Drawing(1_000, 420, g -> {
                    Lines gradients = new Lines(
                                    "gradient that is left", "standard deviation of the inputs", "root mean square")
                            .logarithmicX()
                            .logarithmicY();
                    Lines saturated = new Lines(
                                    "share of values with slope below 0.01",
                                    "standard deviation of the inputs",
                                    "share")
                            .logarithmicX();
                    for (int i = 0; i < ACTIVATIONS.size(); i++) {
                        String activation = ACTIVATIONS.get(i);
                        Curve curve = all.getOrDefault(activation, sigmoid);
                        gradients.line(activation, SCALES, curve.gradient, Picture.colour(i));
                        saturated.line(activation, SCALES, curve.saturated, Picture.colour(i));
                    }
                    List<Double> large = SCALES.subList(HUNDRED / 2, SCALES.size());
                    gradients.dashed(
                            "√(0.0665/s)",
                            large,
                            large.stream().map(SigmoidSaturation::theory).toList());
                    gradients.paint(g, 0, 0, 500, 420);
                    saturated.paint(g, 500, 0, 500, 420);
                }));
    }

    /** √E σ′(z)², z ~ N(0, s²), for large s. */
    private static double theory(double scale) {
        return Math.sqrt(1 / (6 * Math.sqrt(2 * Math.PI) * scale));
    }

    private static Curve measure(String activation, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(LeCun.normal())
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(UNITS)
                        .activation(Activations.get(activation))
                        .build())
                .setInputType(InputType.feedForward(UNITS))
                .build());
        network.init();
        Random random = new Random(seed);
        double[][] values = new double[EXAMPLES][UNITS];
        for (double[] row : values) {
            for (int i = 0; i < UNITS; i++) {
                row[i] = random.nextGaussian();
            }
        }
        INDArray examples = Points.array(values);
        List<List<LayerSignal>> signals = SCALES.stream()
                .map(scale -> Signals.quick(network, examples.mul(scale)))
                .toList();
        return new Curve(
                signals.stream()
                        .map(layers -> layers.get(0).gradient().orElse(Double.NaN))
                        .toList(),
                signals.stream()
                        .map(layers -> layers.get(1).saturated().orElse(Double.NaN))
                        .toList());
    }
}
