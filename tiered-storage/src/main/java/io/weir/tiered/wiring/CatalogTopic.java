package io.weir.tiered.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.journal.CompactedJournal;
import io.weir.log.journal.Journal;
import io.weir.log.journal.JournalSettings;
import io.weir.log.topic.TopicName;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one journal over `__weir_catalog` in this process: opened at its first use, closed after its users and
/// before the log.
@Singleton
public class CatalogTopic {
    private static final TopicName NAME = TopicName.of("__weir_catalog");
    private static final int AFTER_ITS_USERS = 2_000;

    /// Guards the opening and closing of `journal`.
    private final ReentrantLock lifecycle = new ReentrantLock();

    private @Nullable Journal<CatalogState> journal;
    private boolean stopping;

    /// Blocks while the topic is read for the first time; what fails may be tried again.
    ///
    /// @throws WeirException the log does not answer, or the process stops
    Journal<CatalogState> open(LogConnection log) {
        lifecycle.lock();
        try {
            if (stopping) {
                throw new WeirException("journal-closed", Whose.EXTERNAL, "Journal '" + NAME + "': the node stops.");
            }
            Journal<CatalogState> present = journal;
            if (present == null) {
                present = CompactedJournal.open(log, JournalSettings.of(NAME), CatalogState.EMPTY, CatalogState::fold);
                journal = present;
            }
            return present;
        } finally {
            lifecycle.unlock();
        }
    }

    void stop(@Observes @Priority(AFTER_ITS_USERS) ShutdownEvent event) {
        lifecycle.lock();
        try {
            stopping = true;
            Journal<CatalogState> present = journal;
            journal = null;
            if (present != null) {
                present.close();
            }
        } finally {
            lifecycle.unlock();
        }
    }
}
