"""The local API and the dashboard, for the extension and the browser on this machine."""
