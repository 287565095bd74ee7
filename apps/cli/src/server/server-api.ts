import { createTRPCUntypedClient, createWSClient, httpBatchLink, splitLink, TRPCClientError, wsLink } from "@trpc/client";
import { AppError, isErrorCode, type WireError } from "@vpclab/shared/errors/app-error";
import { CALL_HEADER } from "@vpclab/shared/wire/call-header";
import type { Mutations, Queries } from "@vpclab/shared/wire/procedures";
import { WebSocket } from "ws";
import { followTopology, type TopologyFeed } from "./topology-feed";
import { unreachable } from "./server-address";

/** The server refuses larger batches, and a longer address. */
const BATCH_CALLS_MAX = 10;
const ADDRESS_CHARS_MAX = 8_000;
/** A plan of a big lab takes the host a while; the server itself gives up before. */
const CALL_MS = 120_000;
/** Longer than a minute no limit of calls takes; whoever has to wait longer is told. */
const WAIT_S_MAX = 60;

type Asked<Input> = Input extends void ? [] : [input: Input];

/** The server's procedures, and the events of a topology. Every call throws AppError. */
export interface ServerApi {
  query<P extends keyof Queries>(path: P, ...input: Asked<Queries[P]["input"]>): Promise<Queries[P]["answer"]>;
  mutate<P extends keyof Mutations>(path: P, ...input: Asked<Mutations[P]["input"]>): Promise<Mutations[P]["answer"]>;
  follow(topologyId: string): TopologyFeed;
  close(): Promise<void>;
}

/** As the pages do it: calls by HTTP, events by one WebSocket, which is opened when it is needed. */
export function openServerApi(origin: string, cookie: string): ServerApi {
  // Only a program can say that it means this very server; a page's origin is the browser's to say.
  const headers = { cookie, origin };
  const socket = createWSClient({
    url: `${origin.replace(/^http/, "ws")}/api/ws`,
    WebSocket: signedSocket(headers),
    lazy: { enabled: true, closeMs: 1_000 },
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
    retryDelayMs: (attempt) => Math.min(2_000, 250 * attempt),
  });
  const calls = httpBatchLink({
    url: `${origin}/api/trpc`, maxItems: BATCH_CALLS_MAX, maxURLLength: ADDRESS_CHARS_MAX, headers: CALL_HEADER,
    fetch: (input, init) => fetch(input as string, {
      method: init?.method, body: init?.body as string | undefined, redirect: "error",
      headers: { ...(init?.headers as Record<string, string>), ...headers }, signal: AbortSignal.timeout(CALL_MS),
    }),
  });
  const client = createTRPCUntypedClient({ links: [splitLink({ condition: ({ type }) => type === "subscription", true: wsLink({ client: socket }), false: calls })] });
  const called = (call: () => Promise<unknown>): Promise<unknown> => whenPermitted(call, (error) => appErrorOf(error, origin));
  return {
    query: (path, ...[input]) => called(() => client.query(path, input)) as never,
    mutate: (path, ...[input]) => called(() => client.mutation(path, input)) as never,
    follow: (topologyId) => followTopology((handlers) => client.subscription("live.topology", { id: topologyId }, handlers), (error) => appErrorOf(error, origin)),
    close: () => socket.close(),
  };
}

/** A script may ask for more within a minute than a server takes from one user: it gets it when the server says. */
async function whenPermitted(call: () => Promise<unknown>, appError: (error: unknown) => AppError): Promise<unknown> {
  for (;;) {
    const outcome = await call().then((value) => ({ value }), (thrown: unknown) => appError(thrown));
    if (!(outcome instanceof AppError)) return outcome.value;
    if (outcome.code !== "RATE_LIMITED" || outcome.retryAfterS === undefined || outcome.retryAfterS > WAIT_S_MAX) throw outcome;
    await new Promise((resolve) => setTimeout(resolve, (outcome.retryAfterS ?? 0) * 1_000));
  }
}

/** What a browser adds by itself. */
function signedSocket(headers: Record<string, string>): typeof globalThis.WebSocket {
  class SignedSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers, handshakeTimeout: 10_000 });
      // A refused connection is told as a close, too; without a listener it would end the program.
      this.on("error", () => {});
    }
  }
  return SignedSocket as unknown as typeof globalThis.WebSocket;
}

/** The server's own words, or that it cannot be reached. */
export function appErrorOf(error: unknown, origin: string): AppError {
  if (error instanceof AppError) return error;
  const wire = error instanceof TRPCClientError ? (error.data as Partial<WireError> | undefined) : undefined;
  if (!wire || !isErrorCode(wire.code)) return unreachable(origin, error instanceof TRPCClientError ? error.cause : error);
  const message = wire.code === "UNAUTHENTICATED"
    ? `You are not signed in at ${origin}. Run \`npm run signin\` where it runs and give the link to: vpcctl signin LINK`
    : (wire.publicMessage ?? "The server refuses this.");
  return new AppError(wire.code, message, { issues: wire.issues, cause: error, retryAfterS: wire.retryAfterS });
}
