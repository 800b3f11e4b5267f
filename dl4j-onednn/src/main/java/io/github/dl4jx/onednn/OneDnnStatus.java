package io.github.dl4jx.onednn;

/**
 * What {@link OneDnn#enable} did.
 *
 * @param enabled whether at least one layer of the network now runs on oneDNN
 * @param reason which layers do and which do not, or why none does
 */
public record OneDnnStatus(boolean enabled, String reason) {}
