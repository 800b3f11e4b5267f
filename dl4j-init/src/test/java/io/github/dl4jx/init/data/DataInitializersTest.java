package io.github.dl4jx.init.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DataInitializersTest {
    static Stream<String> all() {
        return Stream.of(
                "krahenbuhl",
                "krahenbuhl(start=pca)",
                "krahenbuhl(start=kmeans, mean=0.1)",
                "krahenbuhl(damping=1.0, rounds=3)",
                "krahenbuhl(rounds=0)",
                "lsuv",
                "lsuv(tolerance=0.01, iterations=20)",
                "lsuv(start=keep)");
    }

    @Test
    void everyEntryIsCovered() {
        assertThat(all().map(s -> s.replaceAll("\\(.*", "")).distinct()).isEqualTo(DataInitializers.names());
        assertThat(DataInitializers.entries()).allSatisfy(entry -> {
            assertThat(entry.create()).isExactlyInstanceOf(entry.type());
            assertThat(entry.use()).isNotEmpty();
            assertThat(entry.otherwise()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void roundTrips(String name) {
        DataInitializer initializer = DataInitializers.get(name);
        assertThat(DataInitializers.get(initializer.toString()))
                .isEqualTo(initializer)
                .hasSameHashCodeAs(initializer);
        assertThat(all().filter(other -> DataInitializers.get(other).equals(initializer)))
                .containsExactly(name);
    }

    @Test
    void methodsAndSpecificationsSayTheSame() {
        assertThat(new LayerSequentialUnitVariance()
                        .withTolerance(0.01)
                        .withMaxIterations(20)
                        .withStart(LayerSequentialUnitVariance.Start.KEEP))
                .isEqualTo(DataInitializers.get("lsuv(tolerance=0.01, iterations=20, start=keep)"));
        assertThat(new Krahenbuhl()
                        .withStart(Krahenbuhl.Start.PCA)
                        .withMean(0.1)
                        .withDamping(1)
                        .withMaxRounds(3))
                .isEqualTo(DataInitializers.get("data-dependent(start=pca, mean=0.1, damping=1, rounds=3)"));
        assertThat(DataInitializers.canonical("LSUV(tolerance=0.10, iterations=9)"))
                .isEqualTo("lsuv(iterations=9.0)");
        assertThat(DataInitializers.contains("mishkin-matas")).isTrue();
        assertThat(DataInitializers.contains("he")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lsv | unknown initialiser from data 'lsv'; valid: krahenbuhl, lsuv",
                "lsuv(iterations=1.5) | maxIterations is 1.5; valid: a whole number >= 1",
                "krahenbuhl(start=zca) | parameter 'start' of 'krahenbuhl' is 'zca'; valid: gaussian",
                "krahenbuhl(rounds=-1) | maxRounds is -1.0; valid: a whole number >= 0",
                "krahenbuhl(damping=1.5) | damping is 1.5; valid: (0.0, 1.0]"
            })
    void refused(String name, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataInitializers.get(name))
                .withMessageStartingWith(message);
    }
}
