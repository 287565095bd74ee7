import { announce } from "./progress.mjs";

/** npm passes a Ctrl-C on to us that the terminal has already sent: two signals within this time are one wish. */
const SAME_WISH_MS = 1000;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP (Ctrl-C, `kill`, a closed terminal); a second one calls `force`.
 */
export function stopSignal(force) {
  let first = 0;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (first === 0) {
          first = Date.now();
          resolve(signal);
        } else if (Date.now() - first > SAME_WISH_MS) {
          announce("Stopping by force. `npm run down` cleans up what is left.");
          force();
          process.exit(1);
        }
      });
    }
    // The terminal may be gone; that must not keep us from stopping in order.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  });
}
