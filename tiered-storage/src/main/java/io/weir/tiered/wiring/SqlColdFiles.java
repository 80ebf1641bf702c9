package io.weir.tiered.wiring;

import io.weir.tiered.query.ColdFiles;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Tells SQL which files the archive holds.
@Singleton
public class SqlColdFiles {
    @Produces
    @Singleton
    static ColdFiles coldFiles() {
        return ColdFiles.none();
    }
}
