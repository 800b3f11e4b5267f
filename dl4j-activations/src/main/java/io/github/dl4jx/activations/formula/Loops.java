package io.github.dl4jx.activations.formula;

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
    private static final ClassValue<Object> OF_KERNEL = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> kernel) {
            return copy("BinaryVectorLoop.class");
        }
    };

    private Loops() {}

    /** The loop of the kernel's class. */
    static BinaryLoop of(BinaryKernel kernel) {
        return (BinaryLoop) OF_KERNEL.get(kernel.getClass());
    }

    private static Object copy(String name) {
        try (InputStream template = Loops.class.getResourceAsStream(name)) {
            if (template == null) {
                throw new IllegalStateException(name + " is missing beside " + Loops.class.getName());
            }
            return MethodHandles.lookup()
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
