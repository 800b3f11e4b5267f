package io.github.dl4jx.examples.own;

import io.github.dl4jx.activations.ActivationProvider;
import io.github.dl4jx.catalogue.Entry;
import java.util.Collection;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;

/** Gives {@link ScaledTanh} a name in the catalogue; the file in META-INF/services names this class. */
public final class OwnActivations implements ActivationProvider {
    @Override
    public Collection<Entry<IActivation>> activations() {
        return List.of(Entry.<IActivation>of("scaled-tanh", ScaledTanh.class, arguments -> new ScaledTanh())
                .formula("1.7159*tanh(2x/3)")
                .derivative("1.7159*(2/3)*(1 - tanh(2x/3)^2)")
                .range("(-1.7159, 1.7159)")
                .source("LeCun et al. 1998, Efficient BackProp")
                .build());
    }
}
