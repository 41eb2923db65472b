package org.researchflow.rf.db;

/** Where a PostgreSQL server listens: a host name or address and a port, or a folder that holds its socket. */
public record Address(String host, int port) {

    public Address {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not an address: host and a port from 1 to 65535 are needed");
        }
    }

    boolean isSocketFolder() {
        return host.startsWith("/");
    }

    /** As people write it: an IPv6 address stands in brackets, a local socket is its file. */
    @Override
    public String toString() {
        return isSocketFolder()
                ? host + "/.s.PGSQL." + port
                : (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
