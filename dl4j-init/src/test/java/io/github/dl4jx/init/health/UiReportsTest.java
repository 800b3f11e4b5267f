package io.github.dl4jx.init.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.Identity;
import io.github.dl4jx.activations.Tanh;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.stats.BaseStatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsInitializationReport;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsReport;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the training UI finds in its storage. */
class UiReportsTest {
    private static final DenseLayer DENSE =
            new DenseLayer.Builder().nIn(4).nOut(5).activation(new Tanh()).build();
    private static final OutputLayer OUTPUT = new OutputLayer.Builder(LossFunction.MSE)
            .nIn(5)
            .nOut(2)
            .activation(new Identity())
            .build();

    @Test
    void networkInTheUi() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list(DENSE, OUTPUT)
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        SignalMonitor monitor = SignalMonitor.builder()
                .every(2)
                .to(UiReports.of(storage, network))
                .build();
        network.setListeners(monitor);
        for (int i = 0; i < 4; i++) {
            network.fit(Nd4j.rand(DataType.FLOAT, 9, 4), Nd4j.rand(DataType.FLOAT, 9, 2));
        }
        String session = storage.listSessionIDs().get(0);
        SbeStatsInitializationReport start = new SbeStatsInitializationReport();
        start.decode(storage.getStaticInfo(session, BaseStatsListener.TYPE_ID, "network 1")
                .encode());
        assertThat(start.getModelConfigJson())
                .isEqualTo(network.getLayerWiseConfigurations().toJson().replaceAll("(iterationCount\" : )4", "$10"));
        assertThat(start.getModelParamNames()).containsExactly("0_W", "0_b", "1_W", "1_b");
        List<Persistable> updates = storage.getAllUpdatesAfter(session, BaseStatsListener.TYPE_ID, "network 1", 0);
        assertThat(updates).hasSize(2);
        SbeStatsReport report = new SbeStatsReport();
        report.decode(updates.get(1).encode()); // as a file or another machine would have it
        check(report, monitor.latest().orElseThrow(), "0");
    }

    private static void check(StatsReport report, Measurement measurement, String layer) {
        MonitoredLayer dense = measurement.layers().get(1);
        assertThat(report.getIterationCount()).isEqualTo(measurement.iteration());
        assertThat(report.getScore()).isEqualTo(measurement.score());
        assertThat(report.getMean(StatsType.Activations))
                .containsEntry(layer, dense.signal().mean());
        assertThat(report.getStdev(StatsType.Activations))
                .containsEntry(layer, dense.signal().standardDeviation());
        assertThat(report.getStdev(StatsType.Gradients))
                .containsEntry(layer + "_W", dense.weightGradient().orElseThrow());
        assertThat(report.getMeanMagnitudes(StatsType.Parameters))
                .containsEntry(layer + "_W", dense.weights().orElseThrow());
        assertThat(report.getMeanMagnitudes(StatsType.Updates))
                .containsEntry(layer + "_W", dense.step().orElseThrow());
    }

    @Test
    void graphInTheUi() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", DENSE, "x")
                .addLayer("y", OUTPUT, "hidden")
                .setOutputs("y")
                .build());
        graph.init();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        SignalMonitor monitor =
                SignalMonitor.builder().to(UiReports.of(storage, graph)).build();
        graph.setListeners(monitor);
        graph.fit(
                new org.nd4j.linalg.dataset.DataSet(Nd4j.rand(DataType.FLOAT, 9, 4), Nd4j.rand(DataType.FLOAT, 9, 2)));
        String session = storage.listSessionIDs().get(0);
        check(
                (StatsReport) storage.getLatestUpdate(session, BaseStatsListener.TYPE_ID, "network 1"),
                monitor.latest().orElseThrow(),
                "hidden");
    }
}
