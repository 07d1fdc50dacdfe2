// Runs in the frames of webmails for which the user gave a permission: says that a page has come, nothing else.
(globalThis.browser ?? globalThis.chrome).runtime.sendMessage({ type: "frame_shown" });
