package io.weir.streams.job.registry;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The registry of jobs over its journal. Safe for use by any thread. Each change is decided on the newest
/// state
/// and written as one record: of two nodes that change a job at once, the second decides again.
public final class JobRegistry {
    /// Below the producer's limit of 1 MiB, with room for the record's frame.
    private static final int LARGEST_VALUE_BYTES = 900 * 1024;

    private final Journal<JobCatalog> journal;
    private final JobJson json = new JobJson();

    /// @param journal over `__weir_jobs`; owned and closed by the caller
    public JobRegistry(Journal<JobCatalog> journal) {
        this.journal = journal;
    }

    /// As applied on this node so far; never blocks.
    public JobCatalog known() {
        return journal.state();
    }

    /// Everything that was written before the call.
    public JobCatalog newest() {
        return journal.latest();
    }

    /// @throws WeirException `job-unknown` (404) naming the nearest job, `job-unreadable`
    public static Job require(JobCatalog catalog, String name) {
        Job job = catalog.jobs().get(name);
        if (job != null) {
            return job;
        }
        if (catalog.unreadable().containsKey(name)) {
            throw new WeirException(
                    "job-unreadable",
                    Whose.INTERNAL,
                    "Job '" + name + "': its stored value "
                            + catalog.unreadable().get(name)
                            + ". Run the Weir version that wrote it, or delete the key from __weir_jobs.");
        }
        throw WeirException.notFound(
                "job-unknown",
                "Job '" + name + "': does not exist."
                        + NearestName.hint(catalog.jobs().keySet(), name));
    }

    /// Adds a job.
    ///
    /// @throws WeirException `job-name-taken` (409)
    public Job create(JobName name, JobEvent.Deployed event) {
        return journal.write(catalog -> {
            if (catalog.jobs().containsKey(name.value()) || catalog.unreadable().containsKey(name.value())) {
                throw WeirException.conflict(
                        "job-name-taken",
                        "Job '" + name + "': exists already. Choose another name, or delete it first:"
                                + " its state would not fit another plan.");
            }
            return decided(Job.deployed(name, event));
        });
    }

    /// Lets something happen to a job at a user's wish.
    ///
    /// @param expectedRev the revision that the user has seen, empty for any
    /// @param decide called with the newest job, maybe more than once; what it throws reaches the caller
    /// @throws WeirException `job-unknown` (404), `job-changed` (412), `job-newer-format` (409)
    public Job change(String name, OptionalLong expectedRev, Function<Job, JobEvent> decide) {
        return journal.write(catalog -> {
            Job job = require(catalog, name);
            refuseNewer(catalog, name);
            if (expectedRev.isPresent() && expectedRev.getAsLong() != job.rev()) {
                throw new WeirException(
                        "job-changed",
                        Whose.USER,
                        412,
                        "Job '" + name + "': has revision " + job.rev() + ", not " + expectedRev.getAsLong()
                                + ". Read it again and repeat.",
                        null);
            }
            return decided(job.apply(decide.apply(job)));
        });
    }

    /// Notes what happened by itself; empty when the job is gone, or when the event no longer fits its state.
    public Optional<Job> note(String name, Function<Job, Optional<JobEvent>> decide) {
        return journal.write(catalog -> {
            Job job = catalog.jobs().get(name);
            Optional<Job> next = job == null || catalog.isNewerThanUs(name)
                    ? Optional.empty()
                    : decide.apply(job).map(job::apply);
            return new Decision<>(next.map(this::entry).stream().toList(), next)
                    .told(next.map(json::history).stream().toList());
        });
    }

    /// Forgets a job that is completely removed.
    public void remove(String name) {
        journal.write(catalog -> {
            Job last = catalog.jobs().get(name);
            return new Decision<>(List.of(new Entry(name, null)), true)
                    .told(last == null ? List.of() : List.of(json.removed(last)));
        });
    }

    /// Artifacts that some version of some job still needs.
    public static Set<String> artifactsInUse(JobCatalog catalog, String exceptJob) {
        return catalog.jobs().values().stream()
                .filter(job -> !job.name().value().equals(exceptJob))
                .flatMap(job -> job.versions().stream())
                .map(JobVersion::artifact)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Decision<Job> decided(Job next) {
        return new Decision<>(List.of(entry(next)), next).told(List.of(json.history(next)));
    }

    private Entry entry(Job job) {
        byte[] value = json.write(job);
        if (value.length > LARGEST_VALUE_BYTES) {
            throw new WeirException(
                    "job-too-large",
                    Whose.USER,
                    422,
                    "Job '" + job.name() + "': its plan and configuration take " + value.length + " bytes, at most "
                            + LARGEST_VALUE_BYTES + " fit into the registry.",
                    null);
        }
        return new Entry(job.name().value(), value);
    }

    private static void refuseNewer(JobCatalog catalog, String name) {
        if (catalog.isNewerThanUs(name)) {
            throw WeirException.conflict(
                    "job-newer-format",
                    "Job '" + name + "': was written by a newer Weir, change it through a node of that version.");
        }
    }
}
