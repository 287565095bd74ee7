import { chmod, rm } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { AppError, toWireError } from "@vpclab/shared/errors/app-error";
import type { LocalAgent, LocalRequest } from "@vpclab/shared/wire/local-agent";
import { LocalRequestSchema } from "@vpclab/shared/wire/local-agent";
import { z } from "zod";
import type { AgentLog } from "../report/agent-log";
import { CONTROL_SOCKET, openControlPath } from "./control-path";
import { LineReader } from "./line-reader";

export const LINE_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 64;
/** Requests of one client that are being answered. */
const UNDERWAY_MAX = 16;
/** A client that does not read its progress gets its result only. */
const BACKLOG_BYTES_MAX = 1024 * 1024;

const IdSchema = z.union([z.int(), z.string().max(64)]);
const HeadSchema = z.strictObject({ id: IdSchema, method: z.unknown(), params: z.unknown() });

export interface ControlServer {
  close(): Promise<void>;
}

/** Serves root on this host over `<state>/control.sock`, a JSON text a line. The caller holds the directory's lock, so an old socket there is nobody's. */
export async function serveControl(stateDir: string, ask: LocalAgent["ask"], log: AgentLog): Promise<ControlServer> {
  const socketFile = join(stateDir, CONTROL_SOCKET);
  const control = await openControlPath(stateDir);
  await rm(socketFile, { force: true });
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.on("close", () => clients.delete(socket)).on("error", () => socket.destroy());
    serveClient(socket, ask, log);
  });
  server.maxConnections = CLIENTS_MAX;
  await listening(server, control.path);
  await chmod(socketFile, 0o600);
  return {
    async close() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(socketFile, { force: true });
      await control.close();
    },
  };
}

const listening = (server: Server, path: string): Promise<void> => new Promise((resolve, reject) => {
  server.once("error", reject).listen(path, () => {
    server.off("error", reject).on("error", () => undefined);
    resolve();
  });
});

function serveClient(socket: Socket, ask: LocalAgent["ask"], log: AgentLog): void {
  const reader = new LineReader(LINE_BYTES_MAX);
  let underway = 0;
  const say = (answer: object): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  };
  socket.on("data", (chunk) => {
    const lines = reader.take(chunk);
    if (lines === null) {
      say({ id: null, error: new AppError("TOO_LARGE", `A request is one line of at most ${LINE_BYTES_MAX} bytes.`).toWire() });
      return void socket.destroySoon();
    }
    for (const line of lines) {
      if (line.trim() === "") continue;
      if (underway >= UNDERWAY_MAX) return void socket.destroy();
      underway += 1;
      void answer(line, ask, { say, log, isBehind: () => socket.writableLength > BACKLOG_BYTES_MAX }).finally(() => (underway -= 1));
    }
  });
}

interface Voice {
  readonly say: (answer: object) => void;
  readonly log: AgentLog;
  readonly isBehind: () => boolean;
}

/** One request to its answer. Never throws: what a client sends, and what breaks here, is the client's answer. */
async function answer(line: string, ask: LocalAgent["ask"], { say, log, isBehind }: Voice): Promise<void> {
  let id: z.infer<typeof IdSchema> | null = null;
  try {
    const head = HeadSchema.safeParse(parseJson(line));
    if (!head.success) throw new AppError("SCHEMA", "A request is {id, method, params}.");
    id = head.data.id;
    const result = await answerTo(head.data, ask, (objects) => {
      if (!isBehind()) say({ id, progress: objects });
    });
    say({ id, result });
  } catch (error) {
    if (!(error instanceof AppError)) log.error("a request over the control socket broke", { error });
    say({ id, error: toWireError(error) });
  }
}

function answerTo({ method, params }: z.infer<typeof HeadSchema>, ask: LocalAgent["ask"], onProgress: (objects: object) => void): Promise<unknown> {
  const request = LocalRequestSchema.safeParse({ method, params });
  if (!request.success) {
    const [issue] = request.error.issues;
    throw new AppError("SCHEMA", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a request"}`.slice(0, 500));
  }
  const asked: LocalRequest = request.data;
  return ask(asked.method, asked.params, onProgress);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new AppError("JSON_SYNTAX", "A request is one JSON text a line.");
  }
}
