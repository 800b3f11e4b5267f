package io.github.dl4jx.examples.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jx.examples.cifar10.data.DataException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Path folder;

    DataCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void stayOffline() {
        System.setProperty("dl4jx.offline", "true");
        System.setProperty("dl4jx.cache", folder.resolve("cache").toString());
    }

    @AfterEach
    void restore() {
        System.clearProperty("dl4jx.offline");
        System.clearProperty("dl4jx.cache");
    }

    private CommandLine commandLine() {
        return new CommandLine(new DataCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }

    @Test
    void describesAndDraws() {
        Path picture = folder.resolve("results/picture.png");
        int status = commandLine().execute("--train-size", "25", "--picture", picture.toString());
        assertThat(status).isZero();
        assertThat(picture).isNotEmptyFile();
        assertThat(out)
                .asString()
                .contains("source      the small sample inside this program")
                .containsPattern("airplane +3 +2 +10\\R")
                .containsPattern("truck +2 +2 +10\\R")
                .containsPattern("all +25 +20 +100\\R")
                .containsPattern("green +0\\.\\d{4} +0\\.\\d{4}\\R")
                .contains("picture     " + picture);
        assertThat(err).asString().contains("MEAN NOTHING");
    }

    @Test
    void refusesATrainSizeOutOfRangeWithStatusTwo() {
        int status = commandLine().execute("--train-size", "0");
        assertThat(status).isEqualTo(2);
        assertThat(err).asString().contains("--train-size: trainSize is 0; valid: 1 to 180");
    }

    @Test
    void refusesUnusableDataWithAnExceptionOfItsOwn() {
        DataCommand command = new DataCommand();
        new CommandLine(command).parseArgs("--data", folder.resolve("nowhere").toString());
        assertThatThrownBy(command::call)
                .isInstanceOf(DataException.class)
                .hasMessage("--data " + folder.resolve("nowhere") + " is not a folder");
    }

    @Test
    void saysThatThePictureCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder").resolve("picture.png");
        DataCommand command = new DataCommand();
        new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .parseArgs("--picture", file.toString());
        assertThatThrownBy(command::call)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("--picture " + file + " cannot be written");
    }
}
