package io.github.dl4jx.examples;

/** Something that the user named cannot be used. The message is one line that says what, and what can. */
public class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for the user. */
    public UsageException(String message) {
        super(message);
    }

    /** With a message for the user and what lies behind it. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
