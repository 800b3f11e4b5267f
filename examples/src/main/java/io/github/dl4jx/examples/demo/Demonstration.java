package io.github.dl4jx.examples.demo;

import java.io.IOException;

/** A claim of the lectures that a small run shows, or shows to be wrong. */
interface Demonstration {
    /** On the command line, and of its folder. */
    String name();

    /** A heading. */
    String title();

    /** What is claimed, in a sentence or two. */
    String claim();

    /** What the figures mean, and where the claim ends. */
    String meaning();

    /**
     * Runs it.
     *
     * @throws IOException if a file of the folder cannot be read or written
     */
    Outcome run(Setting setting) throws IOException;
}
