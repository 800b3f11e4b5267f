package io.github.dl4jx.examples.cifar10.data;

import io.github.dl4jx.examples.UsageException;

/** Data that cannot be used. The message is one line for the user: what is wrong, where, and what to do. */
public final class DataException extends UsageException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
