package io.github.dl4jx.onednn;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** A field of one of M2.1's classes that has no setter. */
final class PrivateField<T> {
    private final Object holder;
    private final Field field;

    /** Of the given object, declared by the given class. */
    PrivateField(Object holder, Class<?> declaring, String name) {
        this.holder = holder;
        try {
            field = declaring.getDeclaredField(name);
            field.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw notM21(e);
        }
    }

    @SuppressWarnings("unchecked") // who names the field knows its type
    @Nullable
    T get() {
        try {
            return (T) field.get(holder);
        } catch (IllegalAccessException e) {
            throw notM21(e);
        }
    }

    void set(@Nullable T value) {
        try {
            field.set(holder, value);
        } catch (IllegalAccessException e) {
            throw notM21(e);
        }
    }

    private static IllegalStateException notM21(ReflectiveOperationException e) {
        return new IllegalStateException("This deeplearning4j-nn is not release M2.1's", e);
    }
}
