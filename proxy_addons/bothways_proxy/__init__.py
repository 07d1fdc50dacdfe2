"""The mitmproxy side: modes, layers and addons that carry the engine."""
