/**
 * What every activation must satisfy, as a test to extend: {@link ActivationConformance}. It is published as the {@code
 * tests} jar of this module, for activations that others write.
 */
@NullMarked
package io.github.dl4jx.activations.conformance;

import org.jspecify.annotations.NullMarked;
