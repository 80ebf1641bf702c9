package io.weir.tiered.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The store answers that the object does not exist.
public final class ObjectNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param address full address of the object
    public ObjectNotFoundException(String address, @Nullable Throwable cause) {
        super("Object '" + address + "': does not exist.", cause);
    }
}
