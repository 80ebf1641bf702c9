package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoter;
import org.apache.kafka.raft.DynamicVoters;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives empty folders the identity of a node. Folders that have one are left as they are.
final class Formatting {
    private static final Logger LOG = LoggerFactory.getLogger(Formatting.class);

    private Formatting() {}

    /// @param founder the first voter's address when this node founds the cluster, else null
    static void run(
            DataDirectory directory,
            DataDirectory.Identity identity,
            @org.jspecify.annotations.Nullable HostPort founder) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Formatter formatter = new Formatter()
                .setNodeId(identity.nodeId())
                .setClusterId(identity.clusterId())
                .setDirectories(
                        List.of(directory.meta().toString(), directory.log().toString()))
                .setMetadataLogDirectory(directory.meta().toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER)
                .setIgnoreFormatted(true)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setHasDynamicQuorum(true)
                .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8));
        if (founder != null) {
            formatter.setInitialControllers(new DynamicVoters(
                    List.of(new DynamicVoter(Uuid.randomUuid(), identity.nodeId(), founder.host(), founder.port()))));
        }
        try {
            formatter.run();
        } catch (Exception e) {
            throw new WeirException(
                    "data-directory-unusable",
                    Whose.USER,
                    "Data directory '" + directory.root() + "': it cannot be formatted (" + e.getMessage() + ").",
                    e);
        }
        LOG.debug("Formatting said: {}", said.toString(StandardCharsets.UTF_8));
    }
}
