package io.github.dl4jx.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims and tables. */
class CheckTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void boundsAreIncluded() {
        assertThat(Check.atLeast("c", 2, 2).holds()).isTrue();
        assertThat(Check.atLeast("c", 1.999, 2).fails()).isTrue();
        assertThat(Check.atMost("c", 2, 2).holds()).isTrue();
        assertThat(Check.atMost("c", 2.001, 2).fails()).isTrue();
        assertThat(Check.equal("c", 1, 1).holds()).isTrue();
        assertThat(Check.equal("c", 1.001, 1).fails()).isTrue();
        assertThat(Check.between("c", 1, 1, 2).holds()).isTrue();
        assertThat(Check.between("c", 2.1, 1, 2).fails()).isTrue();
    }

    @Test
    void nanNeverHolds() {
        assertThat(Check.atLeast("c", Double.NaN, 0).fails()).isTrue();
        assertThat(Check.atMost("c", Double.NaN, 0).fails()).isTrue();
        assertThat(Check.between("c", Double.NaN, 0, 1).fails()).isTrue();
    }

    @Test
    void claimsOfOthersDoNotFail() {
        Check wrong = Check.atLeast("c", 1, 2).ofOthers();
        assertThat(wrong.holds()).isFalse();
        assertThat(wrong.fails()).isFalse();
        assertThat(wrong.cells()).containsExactly("c", "1", "≥ 2", "others' claim: does not hold here");
    }

    @Test
    void cells() {
        assertThat(Check.equal("c", 1, 1).cells()).containsExactly("c", "1", "= 1", "HOLDS");
        assertThat(Check.atMost("c", 0.5, 0.25).cells()).containsExactly("c", "0.5", "≤ 0.25", "FAILS");
        assertThat(Check.between("c", 6, 5, 7).ofOthers().cells())
                .containsExactly("c", "6", "5 to 7", "others' claim: holds here");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-3, -3",
        "9999999, 9999999",
        "1e7, 1.00e+07",
        "0.25, 0.25",
        "0.123456, 0.1235",
        "1.5, 1.5",
        "12.3456, 12.35",
        "123456.7, 123457",
        "0.001234, 0.001234",
        "0.0001234, 1.23e-04",
        "99.999, 100",
        "NaN, NaN",
        "Infinity, ∞",
        "-Infinity, −∞"
    })
    void numbers(double value, String text) {
        assertThat(Table.number(value)).isEqualTo(text);
    }

    @Test
    void tablesComeBackFromTheirFiles() throws IOException {
        Table table = Table.of("a", "b").with("x, \"y\"", 0.5).with("a|b", 3);
        Path file = folder.resolve("table.csv");
        table.write(file);
        assertThat(Table.read(file)).isEqualTo(table);
        assertThat(table.markdown()).isEqualTo("| a | b |\n| --- | --- |\n| x, \"y\" | 0.5 |\n| a\\|b | 3 |\n");
    }

    @Test
    void whatIsNoTableIsRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .withMessage("rows: [1] has 1 cells; valid: 2");
        Path file = Files.writeString(folder.resolve("table.csv"), "a,b\n1\n");
        assertThatIOException().isThrownBy(() -> Table.read(file)).withMessageContaining("is not a table");
        Path empty = Files.writeString(folder.resolve("empty.csv"), "");
        assertThatIOException().isThrownBy(() -> Table.read(empty)).withMessageContaining("is empty");
    }
}
