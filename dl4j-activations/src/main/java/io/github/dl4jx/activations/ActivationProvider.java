package io.github.dl4jx.activations;

import io.github.dl4jx.catalogue.Entry;
import java.util.Collection;
import org.nd4j.linalg.activations.IActivation;

/**
 * Adds activations to the catalogue, and so to the lookup by name. An implementation has a public constructor without
 * parameters and is named in {@code META-INF/services/io.github.dl4jx.activations.ActivationProvider}.
 */
public interface ActivationProvider {

    /** The entries to add. A provider whose names are taken already is left out, with a warning. */
    Collection<Entry<IActivation>> activations();
}
