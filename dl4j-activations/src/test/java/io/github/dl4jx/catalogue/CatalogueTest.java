package io.github.dl4jx.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private static final Catalogue<String> CATALOGUE =
            new Catalogue<>("word", List.of(entry("one", "eins"), entry("two", "zwei")));

    /** What the service file of this test names: two that can be used, and between them all that can go wrong. */
    public interface Words {
        Collection<Entry<String>> words();
    }

    public static final class Three implements Words {
        @Override
        public Collection<Entry<String>> words() {
            return List.of(entry("three", "drei"));
        }
    }

    public static final class TakesANameTwice implements Words {
        @Override
        public Collection<Entry<String>> words() {
            return List.of(entry("five", "fuenf"), entry("first", "one"));
        }
    }

    public static final class Throws implements Words {
        @Override
        public Collection<Entry<String>> words() {
            throw new IllegalArgumentException("no words");
        }
    }

    public static final class CannotBeMade implements Words {
        public CannotBeMade() {
            throw new UnsupportedOperationException("not made");
        }

        @Override
        public Collection<Entry<String>> words() {
            return List.of(entry("six"));
        }
    }

    /** As one on the Vector API does without the module. */
    public static final class LacksAClass implements Words {
        @Override
        public Collection<Entry<String>> words() {
            throw new NoClassDefFoundError("jdk/incubator/vector/FloatVector");
        }
    }

    public static final class Four implements Words {
        @Override
        public Collection<Entry<String>> words() {
            return List.of(entry("four", "vier"));
        }
    }

    @Test
    void providersAddEntriesAndBadOnesAreLeftOut() {
        Catalogue<String> all = CATALOGUE.plus(ServiceLoader.load(Words.class), Words::words);
        assertThat(all.names()).containsExactly("four", "one", "three", "two");
        assertThat(all.get("DREI")).isEqualTo("made three");
        assertThat(CATALOGUE.names()).as("untouched").containsExactly("one", "two");
    }

    @Test
    void containsKnowsNamesAndAliases() {
        assertThat(CATALOGUE.contains("One( x = 1 )")).isTrue();
        assertThat(CATALOGUE.contains("zwei")).isTrue();
        assertThat(CATALOGUE.contains("three")).isFalse();
    }

    @Test
    void aNameIsTakenOnce() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Catalogue<>("word", List.of(entry("one"), entry("two", "one"))))
                .withMessageContaining("'one'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "One", "one two", "one(x)", "one,two", "-one"})
    void aNameThatCannotBeLookedUpIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> entry(name))
                .withMessageContaining("name is '" + name + "'; valid: ");
        assertThatIllegalArgumentException().isThrownBy(() -> entry("one", name));
    }

    private static Entry<String> entry(String name, String... aliases) {
        return Entry.<String>of(name, String.class, arguments -> "made " + name)
                .aliases(aliases)
                .build();
    }
}
