package io.github.dl4jx.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** Native objects that are freed together: when it is closed, or else with it by the garbage collector. */
final class Arena implements AutoCloseable {
    private final List<Pointer> owned = new ArrayList<>();

    <T extends Pointer> T own(T pointer) {
        owned.add(pointer);
        return pointer;
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).deallocate();
        }
        owned.clear();
    }
}
