package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A place that the files of the data set can be fetched from. */
interface Remote {
    /** The ending of a file in the work folder that the next attempt goes on with. */
    String UNFINISHED = ".part";

    Source source();

    /**
     * Puts the wanted files into the work folder. The caller verifies them, and deletes everything else there whose
     * name does not end in {@link #UNFINISHED}.
     *
     * @throws IOException if this place cannot deliver; the message says why in one line
     */
    void fetch(List<BatchFile> wanted, Path work, Progress progress) throws IOException;
}
