package io.github.dl4jx.init.health;

/** How bad a finding is. */
public enum Severity {
    /** The network computes what it should not, or cannot learn. */
    ERROR,
    /** It learns badly, or will fail on some inputs. */
    WARNING,
    /** Worth knowing; nothing is wrong. */
    NOTE
}
