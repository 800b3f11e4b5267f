package io.github.dl4jx.onednn;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;

/** A field of one of M2.1's layers that has no setter. */
final class LayerField<T> {
    private final Layer layer;
    private final Field field;

    /** Of the given layer, declared by the given class. */
    LayerField(Layer layer, Class<? extends Layer> declaring, String name) {
        this.layer = layer;
        try {
            field = declaring.getDeclaredField(name);
            field.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw notM21(e);
        }
    }

    void set(@Nullable T value) {
        try {
            field.set(layer, value);
        } catch (IllegalAccessException e) {
            throw notM21(e);
        }
    }

    private static IllegalStateException notM21(ReflectiveOperationException e) {
        return new IllegalStateException("This deeplearning4j-nn is not release M2.1's", e);
    }
}
