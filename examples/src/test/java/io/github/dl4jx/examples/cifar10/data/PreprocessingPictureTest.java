package io.github.dl4jx.examples.cifar10.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessingPictureTest {
    private final Images train = Sample.read().train();

    private final Path folder;

    PreprocessingPictureTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void writesAPictureAndNothingElse() throws IOException {
        Path file = folder.resolve("new/picture.png");
        PreprocessingPicture.write(train, file);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isGreaterThan(1000);
        assertThat(picture.getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
        assertThat(folder.resolve("new")).isDirectoryContaining(found -> found.equals(file));
        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void replacesAnOlderPicture() throws IOException {
        Path file = Files.writeString(folder.resolve("picture.png"), "old");
        PreprocessingPicture.write(train, file);
        assertThat(ImageIO.read(file.toFile())).isNotNull();
    }

    @Test
    void leavesNothingBehindWhenItFails() throws IOException {
        Path file = folder.resolve("picture.png");
        Files.createDirectories(file.resolve("in the way"));
        assertThatThrownBy(() -> PreprocessingPicture.write(train, file)).isInstanceOf(IOException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void doesWithoutImagesOfAClass() throws IOException {
        Path file = folder.resolve("picture.png");
        PreprocessingPicture.write(train.select(0, 1, 2), file);
        assertThat(file).isNotEmptyFile();
    }
}
