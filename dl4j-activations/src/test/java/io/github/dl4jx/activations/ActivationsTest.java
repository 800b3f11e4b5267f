package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {

    @Test
    void namesAreSorted() {
        assertThat(Activations.names())
                .containsExactly(
                        "abrelu",
                        "celu",
                        "elu",
                        "gelu",
                        "hard-sigmoid",
                        "hard-swish",
                        "identity",
                        "leakyrelu",
                        "mish",
                        "relu",
                        "relu6",
                        "selu",
                        "shifted-softplus",
                        "sigmoid",
                        "softmax",
                        "softplus",
                        "softsign",
                        "step",
                        "swish",
                        "tanh");
    }

    @ParameterizedTest
    @CsvSource({
        "silu, swish",
        "hardswish, hard-swish",
        "hard_swish, hard-swish",
        "h-swish, hard-swish",
        "lrelu, leakyrelu",
        "' SWISH ', swish",
        "linear, identity",
        "logistic, sigmoid",
        "heaviside, step",
        "ssp, shifted-softplus",
        "hard_sigmoid, hard-sigmoid"
    })
    void aliasesAndCase(String alias, String name) {
        assertThat(Activations.get(alias)).isEqualTo(Activations.get(name));
    }

    @Test
    void parameters() {
        assertThat(Activations.get("swish(beta=1.5)")).isEqualTo(new Swish(1.5));
        assertThat(Activations.get("Swish( Beta = 1.5 )")).isEqualTo(new Swish(1.5));
        assertThat(Activations.get("swish()")).isEqualTo(new Swish());
        assertThat(Activations.get("leakyrelu(slope=0.2)")).isEqualTo(new LeakyReLU(0.2));
        assertThat(Activations.get("abrelu(alpha=-0.5)")).isEqualTo(new ABReLU(-0.5));
    }

    @Test
    void lookupDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Activations.get("MISH")).isEqualTo(new Mish());
            assertThat(Activations.get("SILU")).isEqualTo(new Swish());
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SiLU, swish",
        "swish(beta=1), swish",
        "swish( beta=1.50 ), swish(beta=1.5)",
        "leakyrelu(slope=0.01), leakyrelu",
        "gelu(form=EXACT), gelu",
        "gelu( form = tanh ), gelu(form=tanh)"
    })
    void canonicalForm(String specification, String canonical) {
        assertThat(Activations.canonical(specification)).isEqualTo(canonical);
        assertThat(Activations.get(canonical)).isEqualTo(Activations.get(specification));
    }

    @Test
    void unknownNameListsTheValidOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.get("swoosh"))
                .withMessageContaining("swoosh")
                .withMessageContaining(String.join(", ", Activations.names()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swish(gamma=1)   | 'gamma'; valid: beta",
                "mish(beta=1)     | 'beta'; valid: none",
                "swish(beta=fast) | valid: a number",
                "swish(beta=0)    | valid: a finite number > 0",
                "swish(beta=NaN)  | valid: a number",
                "leakyrelu(slope=-1) | valid: a finite number >= 0",
                "elu(alpha=-1)    | valid: a finite number > 0",
                "abrelu(alpha=1e999) | valid: a finite number",
                "abrelu(mean=layer) | valid: example | batch",
                "celu(alpha=0)    | valid: a finite number > 0",
                "gelu(form=erf)   | valid: exact | tanh",
                "step(gradient=1) | valid: zero | straight_through",
            })
    void badParameterNamesTheValidOnes(String specification, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activations.get(specification))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"swish(", "swish(beta)", "swish(beta=1", "swish(beta=1,beta=2)", "", "(beta=1)"})
    void malformed(String specification) {
        assertThatIllegalArgumentException().isThrownBy(() -> Activations.get(specification));
    }

    @Test
    void entriesSayWhatTheyMake() {
        assertThat(Activations.entries()).allSatisfy(entry -> {
            assertThat(entry.create()).isExactlyInstanceOf(entry.type());
            assertThat(List.of(entry.formula(), entry.derivative(), entry.range(), entry.source()))
                    .doesNotContain("");
        });
    }
}
