package io.github.dl4jx.activations.layer;

/** Which elements of one example share a learned parameter. */
public enum Sharing {
    /** A parameter a channel or feature, at every place and time step. */
    CHANNEL,
    /** A parameter an element; in sequences one a feature, since time steps always share. */
    NEURON,
    /** One parameter for the whole layer. */
    SHARED
}
