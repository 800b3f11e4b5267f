package io.github.dl4jx.activations.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;

/**
 * A loop class for each class of kernels. HotSpot gathers its type profiles by method: in one loop for all, the call of
 * the kernel would see many classes, remain a virtual call and put every vector on the heap, ten times slower. In its
 * own copy it sees one.
 */
final class Loops {
    private static final String TEMPLATE = "VectorLoop.class";

    private static final ClassValue<Loop> OF_KERNEL = new ClassValue<>() {
        @Override
        protected Loop computeValue(Class<?> kernel) {
            return copy();
        }
    };

    private Loops() {}

    /** The loop of the kernel's class. */
    static Loop of(Kernel kernel) {
        return OF_KERNEL.get(kernel.getClass());
    }

    private static Loop copy() {
        try (InputStream template = Loops.class.getResourceAsStream(TEMPLATE)) {
            if (template == null) {
                throw new IllegalStateException(TEMPLATE + " is missing beside " + Loops.class.getName());
            }
            return (Loop) MethodHandles.lookup()
                    .defineHiddenClass(template.readAllBytes(), false)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the loop of a kernel cannot be defined", e);
        }
    }
}
