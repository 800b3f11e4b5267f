package io.github.dl4jx.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** What a small network makes of circles and spirals, with one activation after the other. */
final class DecisionRegions implements Demonstration {
    private static final int EXAMPLES = 200;
    private static final int UNITS = 16;
    private static final int STEPS = 1_000;
    private static final double RATE = 0.02;
    private static final int SIDE = 220;
    private static final int GAP = 14;
    private static final List<String> ACTIVATIONS =
            List.of("identity", "sigmoid", "tanh", "relu", "leakyrelu", "elu", "swish", "mish");

    @Override
    public String name() {
        return "decision-regions";
    }

    @Override
    public String title() {
        return "Decision regions of a two-hidden-layer network";
    }

    @Override
    public String claim() {
        return "Two hidden layers with a non-linear activation separate what no line does. Without one they are a single linear"
                + " layer, however many there are. This is the lectures' playground, at rest.";
    }

    @Override
    public String meaning() {
        return "The identity draws a straight line, which gets half of the circles right and little more of the spirals. All"
                + " others separate the circles, and the spirals up to a point or two in the middle, where the arms meet. ReLU"
                + " and leaky ReLU draw with straight pieces, the smooth ones with curves; beyond the points each goes on as it"
                + " likes. The accuracies are those of the training points: this is about what can be represented, not about"
                + " new data, and at one rate for all it is no ranking.";
    }

    private record Panel(String data, Points points, String activation, MultiLayerNetwork network, double accuracy) {}

    @Override
    public Outcome run(Setting setting) {
        List<Panel> panels = new ArrayList<>();
        Table curves = Table.of("data", "activation", "step", "loss");
        for (String data : List.of("circles", "spirals")) {
            Points points = data.equals("circles")
                    ? Points.circles(EXAMPLES, setting.seed())
                    : Points.spirals(EXAMPLES, setting.seed());
            INDArray features = points.features();
            INDArray labels = points.labels();
            for (String activation : ACTIVATIONS) {
                MultiLayerNetwork network =
                        DenseNetwork.of(setting.seed(), new Adam(RATE), activation, "recommended", 2, UNITS, UNITS);
                for (int step = 1; step <= STEPS; step++) {
                    network.fit(features, labels);
                    if (step % 100 == 0) {
                        curves = curves.with(data, activation, step, network.score());
                    }
                }
                panels.add(new Panel(data, points, activation, network, points.accuracy(network)));
            }
        }
        Table summary = Table.of("activation", "circles", "spirals");
        for (String activation : ACTIVATIONS) {
            summary = summary.with(
                    activation, accuracy(panels, "circles", activation), accuracy(panels, "spirals", activation));
        }
        List<Check> checks = List.of(
                Check.atMost("identity: accuracy on circles", accuracy(panels, "circles", "identity"), 0.7),
                Check.atMost("identity: accuracy on spirals", accuracy(panels, "spirals", "identity"), 0.8),
                Check.atLeast(
                        "all others: least accuracy on circles",
                        least(panels, panel -> panel.data.equals("circles") && !panel.activation.equals("identity")),
                        0.98),
                Check.atLeast(
                        "all others: least accuracy on spirals",
                        least(panels, panel -> panel.data.equals("spirals") && !panel.activation.equals("identity")),
                        0.95));
        int width = GAP + ACTIVATIONS.size() / 2 * (SIDE + GAP);
        return new Outcome(
                EXAMPLES + " points each, 2-" + UNITS + "-" + UNITS
                        + "-1 units, the activation's recommended initialiser, Adam" + " at " + RATE + ", " + STEPS
                        + " steps over all points",
                checks,
                summary,
                curves,
                new Outcome.Drawing(width, GAP + 4 * (SIDE + 24 + GAP), g -> {
                    for (int i = 0; i < panels.size(); i++) {
                        int column = i % (ACTIVATIONS.size() / 2);
                        int row = i / (ACTIVATIONS.size() / 2);
                        Panel panel = panels.get(i);
                        Plane plane = new Plane(
                                g, GAP + column * (SIDE + GAP), GAP + row * (SIDE + 24 + GAP), SIDE, 0, 0, 1.2);
                        plane.title(String.format(Locale.ROOT, "%s: %.1f %%", panel.activation, 100 * panel.accuracy));
                        plane.shade(places -> panel.network
                                .output(Points.array(places))
                                .ravel()
                                .toDoubleVector());
                        plane.points(panel.points);
                    }
                }));
    }

    private static double accuracy(List<Panel> panels, String data, String activation) {
        return least(panels, panel -> panel.data.equals(data) && panel.activation.equals(activation));
    }

    private static double least(List<Panel> panels, Predicate<Panel> of) {
        return panels.stream().filter(of).mapToDouble(Panel::accuracy).min().orElse(Double.NaN);
    }
}
