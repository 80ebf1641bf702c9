package io.weir.log.engine;

/// A network address.
///
/// @param host a name or an address
/// @param port 1 to 65535
record HostPort(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
