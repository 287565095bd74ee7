import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from "@trpc/client";
import type { TRPCClient } from "@trpc/client";
import { CALL_HEADER } from "@vpclab/shared/wire/call-header";
import type { AppRouter } from "../server/routers/app-router";

/** The server refuses larger batches. */
const BATCH_CALLS_MAX = 10;
/** The close code of a socket whose session has ended. */
const SESSION_ENDED = 4401;
/** All pages of a class are back within a quarter of a minute after the server is: this, and the turn that the server gives each. */
const RETRY_MAX_MS = 8_000;

export interface ClientOptions {
  /** `http://host:port` of the server; in a browser `window.location.origin`. */
  readonly origin: string;
  /** Called with false while the live connection is down, with true when it is up again. */
  readonly onConnection?: (connected: boolean) => void;
  /** The server has ended the session, and with it the live connection. */
  readonly onSessionEnd?: () => void;
  /** Only outside of browsers, which send cookie and origin by themselves. */
  readonly fetch?: typeof fetch;
  readonly WebSocket?: typeof WebSocket;
}

/**
 * Queries and mutations by HTTP, subscriptions by one WebSocket per tab. The socket is opened with the first
 * subscription; after a cut it comes back by itself and each subscription goes on after the last event it saw.
 */
export function createClient(options: ClientOptions): { client: TRPCClient<AppRouter>; close: () => Promise<void> } {
  const calls = httpBatchLink<AppRouter>({ url: `${options.origin}/api/trpc`, maxItems: BATCH_CALLS_MAX, headers: CALL_HEADER, fetch: options.fetch });
  const socket = createSocket(options);
  // Next renders pages on the server too, where there is no WebSocket and nothing is subscribed to.
  if (!socket) return { client: createTRPCClient<AppRouter>({ links: [calls] }), close: async () => {} };
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({ condition: ({ type, path }) => type === "subscription" || path.startsWith("live."), true: wsLink({ client: socket }), false: calls }),
    ],
  });
  return { client, close: () => socket.close() };
}

function createSocket({ origin, onConnection, onSessionEnd, WebSocket: given }: ClientOptions) {
  const implementation = given ?? globalThis.WebSocket;
  if (!implementation) return null;
  return createWSClient({
    url: `${origin.replace(/^http/, "ws")}/api/ws`,
    WebSocket: implementation,
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
    retryDelayMs: (attempt) => (attempt === 0 ? 0 : Math.random() * Math.min(RETRY_MAX_MS, 500 * 2 ** attempt)),
    onOpen: () => onConnection?.(true),
    // 1005: closed by us because nothing is subscribed to.
    onClose: (cause) => {
      onConnection?.(cause?.code === 1005);
      if (cause?.code === SESSION_ENDED) onSessionEnd?.();
    },
  });
}
