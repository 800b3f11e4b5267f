package io.github.dl4jx.examples.demo;

import java.awt.Graphics2D;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a demonstration found.
 *
 * @param setting what was run, in words: sizes, rates, data
 * @param checks the claims, each with its number
 * @param summary few figures, for the documents
 * @param curves the many figures that the picture shows
 * @param drawing the picture
 */
record Outcome(String setting, List<Check> checks, Table summary, Table curves, Drawing drawing) {
    /** A picture that is drawn when it is written. */
    record Drawing(int width, int height, Consumer<Graphics2D> content) {}

    boolean holds() {
        return checks.stream().noneMatch(Check::fails);
    }

    Table checkTable() {
        return new Table(Check.HEADER, checks.stream().map(Check::cells).toList());
    }
}
