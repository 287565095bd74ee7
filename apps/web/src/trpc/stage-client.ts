import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import type { TRPCClient } from "@trpc/client";
import type { StageRouter } from "../server/routers/app-router";

/** What a stage link opens: a socket of its own, without a session. It comes back by itself after a cut, and not after a refusal. */
export function createStageClient(origin: string, onConnection: (connected: boolean) => void): { client: TRPCClient<StageRouter>; close: () => Promise<void> } {
  const socket = createWSClient({
    url: `${origin.replace(/^http/, "ws")}/api/stage`,
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
    retryDelayMs: (attempt) => Math.random() * Math.min(10_000, 500 * 2 ** attempt),
    onOpen: () => onConnection(true),
    onClose: () => onConnection(false),
  });
  return { client: createTRPCClient<StageRouter>({ links: [wsLink({ client: socket })] }), close: () => socket.close() };
}
