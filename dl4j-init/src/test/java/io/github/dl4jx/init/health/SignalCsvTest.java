package io.github.dl4jx.init.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jx.init.data.LayerSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalCsvTest {
    @TempDir
    private Path folder = Path.of("");

    private static Measurement measurement(int iteration, String layer) {
        LayerSignal signal = new LayerSignal(
                layer,
                "DenseLayer",
                0.5,
                1.5,
                1.25,
                0,
                OptionalDouble.empty(),
                3,
                1,
                OptionalDouble.of(0.125),
                OptionalDouble.empty(),
                OptionalDouble.empty());
        MonitoredLayer monitored = new MonitoredLayer(
                signal, OptionalDouble.of(0.25), OptionalDouble.of(Double.NaN), OptionalDouble.empty());
        return new Measurement(
                1,
                iteration,
                0,
                64,
                2.5,
                List.of(monitored),
                List.of(
                        new Trouble(Condition.NAN, layer, "DenseLayer", "", ""),
                        new Trouble(Condition.DEAD, "other", "DenseLayer", "", "")));
    }

    @Test
    void rowsAndHeader() throws IOException {
        Path file = folder.resolve("new/signals.csv");
        SignalCsv csv = new SignalCsv(file);
        csv.accept(measurement(0, "0"));
        csv.accept(measurement(100, "a \"b\", c"));
        assertThat(file).content().isEqualTo("""
                        network,iteration,epoch,examples,score,layer,type,mean,std,spread,zeros,saturated,units,dead_units,gradient_std,weight_rms,weight_gradient_rms,step_rms,troubles
                        1,0,0,64,2.5,0,DenseLayer,0.5,1.5,1.25,0.0,,3,1,0.125,0.25,NaN,,NAN
                        1,100,0,64,2.5,"a ""b"", c",DenseLayer,0.5,1.5,1.25,0.0,,3,1,0.125,0.25,NaN,,NAN
                        """);
    }

    @Test
    void stoppedRunGoesOnWithoutTheHalfLine() throws IOException {
        Path file = folder.resolve("signals.csv");
        new SignalCsv(file).accept(measurement(0, "0"));
        String whole = Files.readString(file);
        Files.writeString(file, "1,100,0,64,2", StandardOpenOption.APPEND);
        SignalCsv again = new SignalCsv(file);
        assertThat(file).content().isEqualTo(whole);
        again.accept(measurement(100, "0"));
        assertThat(file).content().startsWith(whole).hasLineCount(3);
    }

    @Test
    void otherFilesAreLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "my own notes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SignalCsv(file))
                .withMessageContaining("holds something else");
        assertThat(file).content().isEqualTo("my own notes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignalMonitor.builder().csv(folder))
                .withMessageStartingWith("csv is " + folder);
    }

    @Test
    void fileThatVanishesDoesNotStopTheTraining() throws IOException {
        Path file = folder.resolve("deep/signals.csv");
        SignalCsv csv = new SignalCsv(file);
        Files.delete(file);
        Files.delete(folder.resolve("deep"));
        csv.accept(measurement(0, "0"));
        csv.accept(measurement(1, "0"));
        assertThat(file).doesNotExist();
    }
}
