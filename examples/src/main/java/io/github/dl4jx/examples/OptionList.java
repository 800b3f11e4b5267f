package io.github.dl4jx.examples;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The value of an option that takes several things, separated by commas: {@code relu,swish(beta=1.5)}. */
public final class OptionList {
    private OptionList() {}

    /**
     * Splits at commas outside parentheses, and checks each item.
     *
     * @param option the option, for messages
     * @param all what the word "all" stands for; empty where it stands for nothing
     * @param check throws an {@link IllegalArgumentException} where an item is not valid
     * @param besides what ends the list of valid names in the message about an unknown one: "or all"
     * @throws UsageException if an item is not valid
     */
    public static List<String> parse(
            String option, String text, List<String> all, Consumer<String> check, String besides) {
        if (text.equalsIgnoreCase("all") && !all.isEmpty()) {
            return all;
        }
        List<String> items = Arrays.stream(text.split(",(?![^(]*\\))", -1))
                .map(String::strip)
                .toList();
        for (String item : items) {
            try {
                check.accept(item);
            } catch (IllegalArgumentException e) {
                boolean unknown = String.valueOf(e.getMessage()).startsWith("unknown");
                throw new UsageException(option + ": " + e.getMessage() + (unknown ? ", " + besides : ""), e);
            }
        }
        return items;
    }
}
