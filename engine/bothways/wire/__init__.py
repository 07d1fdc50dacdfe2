"""Mail protocols without sockets: octets in from either side, octets and events out."""
