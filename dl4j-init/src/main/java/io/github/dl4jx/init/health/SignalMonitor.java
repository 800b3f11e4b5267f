package io.github.dl4jx.init.health;

import io.github.dl4jx.catalogue.Require;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a network while it trains, and warns when a layer dies, saturates, vanishes, explodes or turns NaN.
 *
 * <pre>{@code
 * network.addListeners(new SignalMonitor());
 * network.addListeners(SignalMonitor.builder().every(50).csv(Path.of("signals.csv")).build());
 * }</pre>
 *
 * <p>In iterations whose number is a multiple of n it measures each layer's values, the gradient that comes to them, weights,
 * their gradient and their step: {@link MonitoredLayer} tells what, {@link Thresholds} from where on a layer is ill. The
 * training is what it would be without, to the last bit.
 *
 * <p>A warning is one line of SLF4J, with layer, numbers and remedy, for all layers that fall ill in the same way at once. It
 * comes again only after {@value #RECOVERED} measurements in a row without that trouble in that layer. A loss that is NaN is
 * warned of in any iteration.
 *
 * <p>While a measured step's gradient is computed, an object that measures stands in the place of each dense, convolutional and
 * activation layer's activation, in the network's own configuration. It is gone before the updater runs.
 *
 * <p>One monitor may watch several networks, also at once, as those of a {@code ParallelWrapper}; it keeps none alive.
 * Layer-wise pretraining is not measured.
 */
public final class SignalMonitor extends BaseTrainingListener {
    /** Iterations from one measurement to the next, unless another number is asked for. */
    public static final int DEFAULT_EVERY = 100;

    /** So many measurements without a trouble, and it is over. */
    public static final int RECOVERED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(SignalMonitor.class);

    private final int every;
    private final Thresholds thresholds;
    private final List<Consumer<Measurement>> receivers;
    private final List<Network> networks = new ArrayList<>();
    private int seen;
    private @Nullable Measurement latest;

    /** Every {@value #DEFAULT_EVERY} iterations, with {@link Thresholds#DEFAULT}, and warnings alone. */
    public SignalMonitor() {
        this(builder());
    }

    private SignalMonitor(Builder builder) {
        every = builder.every;
        thresholds = builder.thresholds;
        receivers = List.copyOf(builder.receivers);
    }

    /** To choose how often it measures, what it calls ill, and who hears of it. */
    public static Builder builder() {
        return new Builder();
    }

    /** Chooses; see {@link SignalMonitor#builder()}. */
    public static final class Builder {
        private int every = DEFAULT_EVERY;
        private Thresholds thresholds = Thresholds.DEFAULT;
        private final List<Consumer<Measurement>> receivers = new ArrayList<>();

        private Builder() {}

        /**
         * Iterations from one measurement to the next.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder every(int iterations) {
            Require.positive("every", iterations);
            every = iterations;
            return this;
        }

        /** From where on a layer is ill. */
        public Builder thresholds(Thresholds all) {
            thresholds = Require.given("thresholds", all);
            return this;
        }

        /**
         * Writes all measurements to a file, as {@link SignalCsv}.
         *
         * @throws IllegalArgumentException if it cannot be written, or holds something else
         */
        public Builder csv(Path file) {
            return to(new SignalCsv(file));
        }

        /** Hands each measurement to a receiver, in the training's thread, say a {@link UiReports}. */
        public Builder to(Consumer<Measurement> receiver) {
            receivers.add(Require.given("receiver", receiver));
            return this;
        }

        /** The monitor. */
        public SignalMonitor build() {
            return new SignalMonitor(this);
        }
    }

    /** The newest measurement of any network; empty before the first. */
    public synchronized Optional<Measurement> latest() {
        return Optional.ofNullable(latest);
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        if (model instanceof MultiLayerNetwork network) {
            network(model).watch(due(network.getIterationCount()) ? NetworkWatch.of(network, activations) : null);
        }
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        if (model instanceof ComputationGraph graph) {
            network(model).watch(due(graph.getIterationCount()) ? NetworkWatch.of(graph, activations) : null);
        }
    }

    private boolean due(int iteration) {
        return iteration % every == 0;
    }

    /** Despite its description in DL4J this comes before the updater has run. */
    @Override
    public void onBackwardPass(Model model) {
        NetworkWatch watch = network(model).watch;
        if (watch != null) {
            watch.backward(model);
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        Network network = network(model);
        NetworkWatch watch = network.watch;
        if (watch == null) {
            network.warn(iteration, Health.ofScore(model.score()));
            return;
        }
        network.watch = null;
        watch.abandon();
        List<MonitoredLayer> layers = watch.done(model);
        List<Trouble> troubles =
                new ArrayList<>(Health.of(layers, watch.examples(), thresholds, watch::activation, false));
        troubles.addAll(Health.ofScore(model.score()));
        Measurement measurement =
                new Measurement(network.number, iteration, epoch, watch.examples(), model.score(), layers, troubles);
        network.recover(troubles);
        network.warn(iteration, troubles);
        synchronized (this) {
            latest = measurement;
            receivers.forEach(receiver -> receiver.accept(measurement));
        }
    }

    /** By identity: two networks of the same weights are equal to DL4J, and comparing them takes long. */
    private synchronized Network network(Model model) {
        for (Network network : networks) {
            if (network.model.refersTo(model)) {
                return network;
            }
        }
        networks.removeIf(network -> network.model.refersTo(null));
        Network network = new Network(model, ++seen);
        networks.add(network);
        return network;
    }

    /** What is known of a network. Its training calls from one thread at a time. */
    private static final class Network {
        private final WeakReference<Model> model;
        private final int number;
        private @Nullable NetworkWatch watch;

        /** Measurements since a trouble was seen last. */
        private final Map<Complaint, Integer> healthy = new HashMap<>();

        private record Complaint(String layer, Condition condition) {
            static Complaint of(Trouble trouble) {
                return new Complaint(trouble.layer(), trouble.condition());
            }
        }

        Network(Model model, int number) {
            this.model = new WeakReference<>(model);
            this.number = number;
        }

        void watch(@Nullable NetworkWatch next) {
            if (watch != null) {
                watch.abandon(); // of a pass that led to no step
            }
            watch = next;
        }

        void recover(List<Trouble> troubles) {
            Set<Complaint> present = troubles.stream().map(Complaint::of).collect(Collectors.toSet());
            healthy.replaceAll((complaint, measurements) -> present.contains(complaint) ? 0 : measurements + 1);
            healthy.values().removeIf(measurements -> measurements >= RECOVERED);
        }

        void warn(int iteration, List<Trouble> troubles) {
            Map<Condition, List<Trouble>> news = troubles.stream()
                    .filter(trouble -> healthy.put(Complaint.of(trouble), 0) == null)
                    .collect(Collectors.groupingBy(Trouble::condition, LinkedHashMap::new, Collectors.toList()));
            String which = number == 1 ? "" : "network " + number + ", ";
            news.values()
                    .forEach(same -> LOG.warn(
                            "{}iteration {}: {}{}",
                            which,
                            iteration,
                            same.get(0),
                            same.size() == 1
                                    ? ""
                                    : "; so do layers "
                                            + same.stream()
                                                    .skip(1)
                                                    .map(Trouble::layer)
                                                    .collect(Collectors.joining(", "))));
        }
    }
}
