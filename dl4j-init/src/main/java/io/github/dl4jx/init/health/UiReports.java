package io.github.dl4jx.init.health;

import io.github.dl4jx.init.data.LayerSignal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.stats.BaseStatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsInitializationReport;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsReport;
import org.deeplearning4j.ui.model.storage.impl.SbeStorageMetaData;

/**
 * Measurements in DL4J's training UI, where {@code deeplearning4j-ui-model} is on the class path, which {@code
 * deeplearning4j-ui} brings.
 *
 * <pre>{@code
 * StatsStorage storage = new InMemoryStatsStorage();
 * UIServer.getInstance().attach(storage);
 * network.addListeners(SignalMonitor.builder().to(UiReports.of(storage, network)).build());
 * }</pre>
 *
 * <p>M2.1's UI shows what its own {@code StatsListener} collects and nothing else. Of a measurement that is: the loss; mean
 * and standard deviation of each layer's values; size of weights and steps, and their ratio; standard deviation of steps and of
 * the weights' gradients. Sizes are root mean squares, where {@code StatsListener} has mean sizes, a fifth less in a normal
 * distribution. Zeros, saturated values and dead units have no place there.
 */
public final class UiReports implements Consumer<Measurement> {
    private final StatsStorageRouter router;
    private final Model model;
    private final String session = UUID.randomUUID().toString();

    private UiReports(StatsStorageRouter router, Model model) {
        this.router = router;
        this.model = model;
    }

    /**
     * Of a network, as a session of its own.
     *
     * @param router say an {@code InMemoryStatsStorage}
     * @param network initialised
     */
    public static UiReports of(StatsStorageRouter router, MultiLayerNetwork network) {
        UiReports reports = new UiReports(router, network);
        reports.begin(network.getLayerWiseConfigurations().toJson(), network.getnLayers());
        return reports;
    }

    /** Of a graph; see {@link #of(StatsStorageRouter, MultiLayerNetwork)}. */
    public static UiReports of(StatsStorageRouter router, ComputationGraph graph) {
        UiReports reports = new UiReports(router, graph);
        reports.begin(graph.getConfiguration().toJson(), graph.getNumLayers());
        return reports;
    }

    private void begin(String configuration, int layers) {
        long now = System.currentTimeMillis();
        SbeStatsInitializationReport start = new SbeStatsInitializationReport();
        start.reportIDs(session, BaseStatsListener.TYPE_ID, worker(1), now);
        start.reportModelInfo(
                model.getClass().getName(),
                configuration,
                model.paramTable(true).keySet().toArray(String[]::new),
                layers,
                model.numParams());
        router.putStorageMetaData(new SbeStorageMetaData(
                now,
                session,
                BaseStatsListener.TYPE_ID,
                worker(1),
                SbeStatsInitializationReport.class,
                SbeStatsReport.class));
        router.putStaticInfo(start);
    }

    private static String worker(int network) {
        return "network " + network;
    }

    @Override
    public void accept(Measurement measurement) {
        SbeStatsReport report = new SbeStatsReport();
        report.reportIDs(session, BaseStatsListener.TYPE_ID, worker(measurement.network()), System.currentTimeMillis());
        report.reportIterationCount(measurement.iteration());
        report.reportScore(measurement.score());
        report.reportMean(StatsType.Activations, values(measurement, LayerSignal::mean));
        report.reportStdev(StatsType.Activations, values(measurement, LayerSignal::standardDeviation));
        report.reportStdev(StatsType.Gradients, weights(measurement, MonitoredLayer::weightGradient));
        report.reportStdev(StatsType.Updates, weights(measurement, MonitoredLayer::step));
        report.reportMeanMagnitudes(StatsType.Parameters, weights(measurement, MonitoredLayer::weights));
        report.reportMeanMagnitudes(StatsType.Updates, weights(measurement, MonitoredLayer::step));
        router.putUpdate(report);
    }

    private static Map<String, Double> values(Measurement measurement, ToDoubleFunction<LayerSignal> value) {
        Map<String, Double> values = new LinkedHashMap<>();
        measurement.layers().forEach(layer -> values.put(layer.signal().name(), value.applyAsDouble(layer.signal())));
        return values;
    }

    /** The UI takes what ends with a W for weights. */
    private static Map<String, Double> weights(
            Measurement measurement, Function<MonitoredLayer, OptionalDouble> value) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (MonitoredLayer layer : measurement.layers()) {
            value.apply(layer).ifPresent(number -> values.put(layer.signal().name() + "_W", number));
        }
        return values;
    }
}
