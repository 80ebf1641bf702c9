package io.weir.tiered.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The store answers that it will not: wrong credentials, a missing bucket, no permission. Trying again helps only
/// once somebody has changed something.
public final class StoreRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
