package io.github.dl4jx.onednn;

import io.github.dl4jx.onednn.OneDnnStatus.Engine;
import io.github.dl4jx.onednn.OneDnnStatus.LayerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Puts layers on oneDNN in the place of those of an initialised {@code MultiLayerNetwork}. */
final class Takeover {
    private Takeover() {}

    static List<LayerStatus> of(MultiLayerNetwork network, DataType reads) {
        DataType type = network.getLayerWiseConfigurations().getDataType();
        Layer[] layers = network.getLayers();
        List<Candidate> candidates = new ArrayList<>();
        for (Layer layer : layers) {
            candidates.add(new Candidate(layer, type));
        }
        List<LayerStatus> status = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            Candidate candidate = candidates.get(i);
            String obstacle = candidate.obstacle();
            if (obstacle == null) {
                replace(network, layers, i, candidate.takeOver(wiring(network, candidates, i), reads));
            }
            status.add(status(String.valueOf(i), candidate.typeName(), obstacle));
        }
        return status;
    }

    static LayerStatus status(String name, String type, @Nullable String obstacle) {
        return new LayerStatus(
                name, type, obstacle == null ? Engine.ONEDNN : Engine.BUILT_IN, obstacle == null ? "" : obstacle);
    }

    private static Wiring wiring(MultiLayerNetwork network, List<Candidate> candidates, int i) {
        Candidate next = i + 1 < candidates.size() && isDirect(network, i + 1) ? candidates.get(i + 1) : null;
        Candidate previous = i > 0 && isDirect(network, i) ? candidates.get(i - 1) : null;
        return new Wiring(
                next != null && next.obstacle() == null,
                previous != null && previous.obstacle() == null,
                next != null && next.leavesInput(),
                isDirect(network, i) && (i == 0 || candidates.get(i - 1).endsBackwardPass()),
                false,
                previous != null && previous.forgetsOutput());
    }

    /** Whether nothing stands between a layer and the one before it. */
    private static boolean isDirect(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getInputPreProcess(layer) == null;
    }

    private static void replace(MultiLayerNetwork network, Layer[] layers, int i, Layer made) {
        Layer old = layers[i];
        layers[i] = made;
        Map<String, Layer> byName = Objects.requireNonNull(
                new PrivateField<Map<String, Layer>>(network, MultiLayerNetwork.class, "layerMap").get());
        byName.replaceAll((name, layer) -> layer == old ? made : layer);
    }
}
