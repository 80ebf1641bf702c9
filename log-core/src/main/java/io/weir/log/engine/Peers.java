package io.weir.log.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks other nodes which cluster they form.
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final int ANSWER_WITHIN_MILLIS = 5000;
    private static final int HIGHEST_DRAWN_ID = 9999;

    /// @param clusterId the cluster the peer belongs to
    /// @param controllers `host:port` of the quorum's voters
    /// @param usedNodeIds ids that a further node must not take
    record Answer(String clusterId, List<String> controllers, Set<Integer> usedNodeIds) {
        /// An id nobody has: drawn, because two nodes that join at the same moment see the same free ones.
        int freeNodeId() {
            while (true) {
                int drawn = 2 + (int) Math.floorMod(Uuid.randomUuid().getLeastSignificantBits(), HIGHEST_DRAWN_ID - 1L);
                if (!usedNodeIds.contains(drawn)) {
                    return drawn;
                }
            }
        }
    }

    /// Asks each address once, as a broker's and then as a controller's.
    ///
    /// @param addresses `host:port`
    /// @return the first answer; empty when nobody answers
    Optional<Answer> ask(List<String> addresses) throws InterruptedException {
        for (String address : addresses) {
            for (String kind : List.of("bootstrap.servers", "bootstrap.controllers")) {
                Optional<Answer> answer = askOne(kind, address);
                if (answer.isPresent()) {
                    return answer;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Answer> askOne(String kind, String address) throws InterruptedException {
        Map<String, Object> properties = Map.of(
                kind,
                address,
                "client.id",
                "weir-peers",
                "request.timeout.ms",
                ANSWER_WITHIN_MILLIS / 2,
                "default.api.timeout.ms",
                ANSWER_WITHIN_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            String clusterId = admin.describeCluster().clusterId().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            Set<Integer> used = new TreeSet<>();
            for (Node node : admin.describeCluster().nodes().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                used.add(node.id());
            }
            QuorumInfo quorum =
                    admin.describeMetadataQuorum().quorumInfo().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            quorum.voters().forEach(voter -> used.add(voter.replicaId()));
            quorum.observers().forEach(observer -> used.add(observer.replicaId()));
            List<String> controllers = controllers(quorum);
            return controllers.isEmpty() ? Optional.empty() : Optional.of(new Answer(clusterId, controllers, used));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.debug("No answer from {} as {}", address, kind, e);
            return Optional.empty();
        }
    }

    private static List<String> controllers(QuorumInfo quorum) {
        List<String> addresses = new ArrayList<>();
        for (QuorumInfo.Node node : quorum.nodes().values()) {
            for (RaftVoterEndpoint endpoint : node.endpoints()) {
                addresses.add(endpoint.host() + ":" + endpoint.port());
            }
        }
        return addresses;
    }
}
