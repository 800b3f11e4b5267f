package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relu | SMALL | relu",
                "abrelu(alpha=1.0, mean=batch) | SMALL | abrelu(alpha=1.0, mean=batch)",
                "wrn-16-2 swish | WRN_16_2 | swish",
                "small abrelu(alpha=1.0, mean=batch) | SMALL | abrelu(alpha=1.0, mean=batch)"
            })
    void networkThenActivation(String text, Architecture network, String activation) {
        assertThat(Subject.of(text)).isEqualTo(new Subject(network, activation));
        assertThat(Subject.of(new Subject(network, activation).toString())).isEqualTo(Subject.of(text));
    }
}
