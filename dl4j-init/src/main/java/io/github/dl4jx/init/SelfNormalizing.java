package io.github.dl4jx.init;

import io.github.dl4jx.activations.SELU;
import io.github.dl4jx.activations.dropout.AlphaDropout;
import io.github.dl4jx.catalogue.Require;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a configuration self-normalising: {@link SELU}, LeCun normal weights and {@link AlphaDropout}, each where it
 * belongs, and a warning for whatever keeps the activations from mean 0 and variance 1.
 *
 * <pre>{@code
 * var report = SelfNormalizing.dropping(0.05).apply(configuration); // or withoutDropout()
 * MultiLayerNetwork network = new MultiLayerNetwork(report.configuration());
 * }</pre>
 *
 * <p>The network's input has to have mean 0 and variance 1 itself, say by a {@code NormalizerStandardize}: no
 * configuration shows that, and nothing here warns of it.
 *
 * <ul>
 *   <li>Hidden layers are dense layers and convolutions, one-dimensional to transposed, with other weights after them.
 *       Their activation becomes SELU. An identity stays, since it leaves the activation to a layer of its own: the
 *       {@code ActivationLayer} that comes next becomes SELU, be it behind a pooling, a normalisation or a sum.
 *   <li>Output layers, which are those that no weights follow and those that a graph names as its outputs, keep their
 *       activation, and so does what stands behind them.
 *   <li>Weights of both are drawn from LeCun's normal distribution, by the fan-in that a unit really has: DL4J states
 *       another one to the initialiser of one-dimensional, depthwise, separable and strided transposed convolutions.
 *   <li>DL4J drops a layer's <i>input</i>, so AlphaDropout is set on layers whose input is a SELU's output, if need be
 * reshaped or merged with others: never on the network's input, nor behind a pooling. A {@code DropoutLayer} after a
 * SELU drops in place of the layer behind it. Where DL4J M2.1 loses dropout on the way back, as in one-dimensional,
 * three-dimensional, transposed and NHWC convolutions, a warning says so. <li>Any other dropout on a layer is
 * removed, with a warning: {@code dropOut} on the global builder sets one on every layer, the first included. A
 * {@code DropoutLayer} that no SELU precedes is left. <li>Frozen layers and the kinds of layers that are not named
 * here keep all but their dropout; frozen ones that too.
 * </ul>
 *
 * <p>The property holds for wide layers at the start of training, and weight changes within the bounds of the paper's
 * theorem. Zero padding lowers the variance at an image's border. Klambauer et al., <i>Self-normalizing neural
 * networks</i>, arXiv:1706.02515.
 */
public final class SelfNormalizing {
    private static final Logger LOG = LoggerFactory.getLogger(SelfNormalizing.class);

    private final double dropProbability;

    private SelfNormalizing(double dropProbability) {
        this.dropProbability = Require.halfOpen("drop probability", dropProbability, 0, 1);
    }

    /**
     * With AlphaDropout. The paper's authors use 0.05 and 0.1.
     *
     * @param p drop probability in [0, 1); 0 is {@link #withoutDropout}
     * @throws IllegalArgumentException if it is outside
     */
    public static SelfNormalizing dropping(double p) {
        return new SelfNormalizing(p);
    }

    /** Without dropout; what the configuration has of it is removed where {@link #dropping} would replace it. */
    public static SelfNormalizing withoutDropout() {
        return new SelfNormalizing(0);
    }

    /**
     * Makes a self-normalising copy, and logs each warning.
     *
     * @param configuration complete, with its layers' sizes; not modified
     */
    public Report<MultiLayerConfiguration> apply(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = configuration.clone();
        return report(copy, SelfNormalizingPass.of(copy, dropProbability));
    }

    /** The same for a graph; see {@link #apply(MultiLayerConfiguration)}. */
    public Report<ComputationGraphConfiguration> apply(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = configuration.clone();
        return report(copy, SelfNormalizingPass.of(copy, dropProbability));
    }

    /**
     * What keeps a SELU network from mean 0 and variance 1, dropout aside: a line each, which begins with the layer.
     *
     * @param configuration complete; not modified
     */
    public static List<String> obstacles(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = configuration.clone();
        return obstacles(ConfigurationNode.of(copy).values(), SelfNormalizingPass.of(copy, 0));
    }

    /** The same for a graph; see {@link #obstacles(MultiLayerConfiguration)}. */
    public static List<String> obstacles(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = configuration.clone();
        return obstacles(ConfigurationNode.of(copy).values(), SelfNormalizingPass.of(copy, 0));
    }

    private static List<String> obstacles(Collection<ConfigurationNode> nodes, SelfNormalizingPass pass) {
        for (ConfigurationNode node : nodes) {
            if (node.part() instanceof Layer layer) {
                layer.setIDropout(null);
            }
        }
        return pass.run();
    }

    private static <C> Report<C> report(C configuration, SelfNormalizingPass pass) {
        List<String> warnings = pass.run();
        warnings.forEach(warning -> LOG.warn(warning));
        return new Report<>(configuration, warnings);
    }

    /**
     * What came of it.
     *
     * @param configuration the self-normalising copy
     * @param warnings what breaks or weakens the property, and what dropout was taken away: a line each, which begins
     * with the layer
     */
    public record Report<C>(C configuration, List<String> warnings) {
        /** As {@code apply} makes it. */
        public Report {
            warnings = List.copyOf(warnings);
        }
    }
}
