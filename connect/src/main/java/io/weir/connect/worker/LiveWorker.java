package io.weir.connect.worker;

import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.HerderRequestHandler;
import org.apache.kafka.connect.util.SharedTopicAdmin;

/// One run of the Connect worker: everything that is built together and thrown away together.
///
/// @param herder owns the worker, its stores and their clients; stopped by [#stop()]
/// @param admin closed by the herder
/// @param requests waits for the herder's answers and passes requests on to the leader
record LiveWorker(
        WeirHerder herder,
        HerderRequestHandler requests,
        Plugins plugins,
        DistributedConfig config,
        SharedTopicAdmin admin,
        WeirRestClient restClient) {

    /// Stops connectors and tasks, leaves the group, closes all clients. Blocks until done, by Connect's own
    /// deadlines at most some 20 s.
    void stop() {
        try {
            herder.stop();
        } finally {
            restClient.close();
        }
    }
}
