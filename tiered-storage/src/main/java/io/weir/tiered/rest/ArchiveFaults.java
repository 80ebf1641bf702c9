package io.weir.tiered.rest;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.ArchiveUnavailableException;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.TopicNotArchivableException;
import io.weir.tiered.segment.CorruptSegmentException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// Turns failures of the archive, which knows nothing of Weir's errors, into those that reach a user.
public final class ArchiveFaults {
    private ArchiveFaults() {}

    /// Runs `work` and translates what it throws.
    ///
    /// @param names topics that exist, asked for only when the nearest one is wanted
    public static <T> T translated(Supplier<? extends Collection<String>> names, Supplier<T> work) {
        try {
            return work.get();
        } catch (NoSuchTopicException e) {
            String hint = NearestName.hint(known(names), e.topic());
            throw new WeirException(
                    "topic-not-found", Whose.USER, 404, "Topic '" + e.topic() + "': no such topic." + hint, e);
        } catch (TopicNotArchivableException e) {
            throw new WeirException(e.code(), Whose.USER, 409, String.valueOf(e.getMessage()), e);
        } catch (ArchiveUnavailableException e) {
            throw new WeirException("archive-unavailable", Whose.EXTERNAL, String.valueOf(e.getMessage()), e);
        } catch (CorruptSegmentException e) {
            throw new WeirException("archive-corrupt", Whose.EXTERNAL, 502, String.valueOf(e.getMessage()), e);
        }
    }

    private static Collection<String> known(Supplier<? extends Collection<String>> names) {
        try {
            return names.get();
        } catch (ArchiveUnavailableException e) {
            return List.of();
        }
    }
}
