package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;

/// What a start has to do about the cluster: the table of founding and joining, without I/O.
///
/// | identity on disk | `weir.cluster.join` | `weir.cluster.found` | result |
/// |---|---|---|---|
/// | yes | any | any | [Resume] |
/// | no | none | not true, size 1 | [Found] |
/// | no | none | not true, size > 1 | refused |
/// | no | some | not true | [Join], never found |
/// | no | any | true | [JoinOrFound] |
sealed interface Founding {
    /// Start as what the directory says.
    record Resume(DataDirectory.Identity identity) implements Founding {}

    /// Found a cluster.
    record Found() implements Founding {}

    /// Wait until a peer answers, then join its cluster.
    record Join() implements Founding {}

    /// Ask each peer once; join when one answers, found when none does.
    record JoinOrFound() implements Founding {}

    /// @throws WeirException `cluster-intent-missing` when it is not said who founds, `cluster-id-differs` or
    ///     `node-id-differs` when the directory belongs elsewhere
    static Founding decide(java.util.Optional<DataDirectory.Identity> onDisk, Membership membership) {
        if (onDisk.isPresent()) {
            DataDirectory.Identity identity = onDisk.get();
            requireSame(identity, membership);
            return new Resume(identity);
        }
        if (membership.found()) {
            return membership.join().isEmpty() ? new Found() : new JoinOrFound();
        }
        if (!membership.join().isEmpty()) {
            return new Join();
        }
        if (membership.intendedSize() == 1) {
            return new Found();
        }
        throw new WeirException(
                "cluster-intent-missing",
                Whose.USER,
                "Setting 'weir.cluster.size': " + membership.intendedSize() + " nodes were asked for, and nothing says"
                        + " whether this one founds the cluster. Say weir.cluster.found=true on exactly one node or"
                        + " give weir.cluster.join=host:port of another.");
    }

    private static void requireSame(DataDirectory.Identity identity, Membership membership) {
        membership.expectedClusterId().ifPresent(expected -> requireCluster(expected, identity.clusterId()));
        membership.nodeId().ifPresent(expected -> {
            if (expected != identity.nodeId()) {
                throw new WeirException(
                        "node-id-differs",
                        Whose.USER,
                        "Setting 'weir.cluster.node.id': expected " + expected + ", but the data directory belongs to"
                                + " node " + identity.nodeId() + ". Remove the setting or choose another"
                                + " weir.data.dir.");
            }
        });
    }

    /// @throws WeirException `cluster-id-differs`
    static void requireCluster(String expected, String found) {
        if (!expected.equals(found)) {
            throw new WeirException(
                    "cluster-id-differs",
                    Whose.USER,
                    "Setting 'weir.cluster.id': expected '" + expected + "', found '" + found
                            + "'. Mend weir.cluster.id, weir.cluster.join or weir.data.dir.");
        }
    }
}
