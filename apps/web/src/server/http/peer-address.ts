import type { IncomingMessage } from "node:http";

/**
 * Address that a request came from; null: over a unix socket. What headers claim (X-Forwarded-For) counts for nothing: anybody can
 * send them. Behind a proxy it is the proxy's.
 */
export function peerAddress(request: Pick<IncomingMessage, "socket">): string | null {
  const { remoteAddress } = request.socket;
  return remoteAddress ? remoteAddress.replace(/^::ffff:(?=[0-9.]+$)/, "") : null;
}
