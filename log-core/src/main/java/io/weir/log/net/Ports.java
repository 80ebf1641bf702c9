package io.weir.log.net;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/// Looks at ports before anything is opened or formatted.
public final class Ports {
    private Ports() {}

    /// Binds the port for a moment.
    ///
    /// @param listener what would listen there, for the message
    /// @param setting the setting that changes the port, for the message
    /// @throws WeirException `port-in-use` when it cannot be bound
    public static void requireFree(String listener, String setting, String host, int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException | IllegalArgumentException e) {
            throw new WeirException(
                    "port-in-use",
                    Whose.USER,
                    listener + ": Socket server failed to bind to " + host + ":" + port + ": " + e.getMessage()
                            + ". Choose another port with " + setting + " (0 = a free one).",
                    e);
        }
    }

    /// A port that was free a moment ago.
    public static int free(String host) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new WeirException(
                    "address-unusable",
                    Whose.USER,
                    "Setting 'weir.log.host': no port can be bound on '" + host + "' (" + e.getMessage() + ").",
                    e);
        }
    }

    /// Whether somebody accepts a connection there.
    ///
    /// @param address `host:port`
    public static boolean answers(String address, Duration within) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    (int) within.toMillis());
            return true;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /// The refusal of a listener that other machines reach and that asks nobody who they are.
    ///
    /// @param listener its name for people: Kafka, Controller, HTTP
    /// @param protocol what it speaks now
    /// @param guard the settings that would guard it
    public static WeirException openListener(String listener, String host, String protocol, String guard) {
        return new WeirException(
                "listener-open",
                Whose.USER,
                listener + " listener: " + host + " is reachable from other machines, so it needs TLS and"
                        + " authentication, got " + protocol + ". Bind it to 127.0.0.1, or configure " + guard
                        + ", or say weir.insecure.allow=true and accept that anybody who reaches it may do anything.");
    }

    /// Whether an address reaches this machine only. An unknown name counts as reachable from elsewhere.
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (IOException e) {
            return false;
        }
    }
}
