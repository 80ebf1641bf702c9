package io.weir.streams.job.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.weir.log.journal.Fold;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All jobs, as the journal has them. Immutable.
///
/// A value that cannot be read never stops the others: it is listed under `unreadable` with the reason.
///
/// @param jobs by name
/// @param formats the stored format of each job
/// @param unreadable reason by name
public record JobCatalog(Map<String, Job> jobs, Map<String, Integer> formats, Map<String, String> unreadable) {
    public JobCatalog {
        jobs = Map.copyOf(jobs);
        formats = Map.copyOf(formats);
        unreadable = Map.copyOf(unreadable);
    }

    /// The catalog of a journal that has not read anything.
    public static JobCatalog empty() {
        return new JobCatalog(Map.of(), Map.of(), Map.of());
    }

    /// How `__weir_jobs` is read.
    public static Fold<JobCatalog> fold() {
        JobJson json = new JobJson();
        return (catalog, key, value) -> catalog.with(json, key, value);
    }

    /// Whether a newer version of Weir has written the job, so that this one only shows it.
    boolean isNewerThanUs(String name) {
        return formats.getOrDefault(name, JobJson.FORMAT) > JobJson.FORMAT;
    }

    private JobCatalog with(JobJson json, String name, byte @Nullable [] value) {
        Map<String, Job> nextJobs = new TreeMap<>(jobs);
        Map<String, Integer> nextFormats = new TreeMap<>(formats);
        Map<String, String> nextUnreadable = new TreeMap<>(unreadable);
        nextJobs.remove(name);
        nextFormats.remove(name);
        nextUnreadable.remove(name);
        if (value != null) {
            try {
                JobJson.Stored stored = json.read(value);
                nextJobs.put(name, stored.job());
                nextFormats.put(name, stored.format());
            } catch (JsonProcessingException e) {
                nextUnreadable.put(name, e.getOriginalMessage());
            } catch (IOException e) {
                nextUnreadable.put(name, String.valueOf(e.getMessage()));
            }
        }
        return new JobCatalog(nextJobs, nextFormats, nextUnreadable);
    }
}
