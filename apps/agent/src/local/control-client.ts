import type { Socket } from "node:net";
import { createConnection } from "node:net";
import { AppError, isErrorCode } from "@vpclab/shared/errors/app-error";
import type { LocalAgent, LocalAnswers, LocalMethod, LocalParams, LocalProgress } from "@vpclab/shared/wire/local-agent";
import { openControlPath } from "./control-path";
import { LineReader } from "./line-reader";

/** The agent's answers hold whole documents; it is trusted, but not without end. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

interface Answer {
  readonly id: number | null;
  readonly progress?: LocalProgress;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly publicMessage: string; readonly issues?: AppError["issues"] };
}
interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((objects: LocalProgress) => void) | undefined;
}

/** A running agent of this state directory over its control socket; null when none answers there. */
export async function connectControl(stateDir: string): Promise<LocalAgent | null> {
  const control = await openControlPath(stateDir).catch(() => null);
  if (!control) return null;
  const socket = await connected(control.path);
  await control.close();
  return socket && new ControlClient(socket);
}

const connected = (path: string): Promise<Socket | null> => new Promise((resolve) => {
  const socket = createConnection(path);
  socket.once("connect", () => resolve(socket)).once("error", () => resolve(null));
});

class ControlClient implements LocalAgent {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #over = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new LineReader(ANSWER_BYTES_MAX);
    socket.on("data", (chunk) => {
      const lines = reader.take(chunk);
      if (lines === null) return void socket.destroy();
      for (const line of lines) this.#heard(JSON.parse(line) as Answer);
    });
    socket.on("error", () => socket.destroy()).on("close", () => this.#end());
    // A program that waits for no answer may end.
    socket.unref();
  }

  ask<M extends LocalMethod>(method: M, params: LocalParams<M>, onProgress?: (objects: LocalProgress) => void): Promise<LocalAnswers[M]> {
    if (this.#over) return Promise.reject(ended());
    const id = ++this.#lastId;
    this.#socket.ref();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  close(): Promise<void> {
    this.#over = true;
    this.#socket.destroy();
    return Promise.resolve();
  }

  #heard({ id, progress, result, error }: Answer): void {
    if (id === null) return void this.#fail(errorFrom(error));
    const pending = this.#pending.get(id);
    if (!pending) return;
    if (progress) return void pending.onProgress?.(progress);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#socket.unref();
    if (error) pending.reject(errorFrom(error));
    else pending.resolve(result as never);
  }

  #end(): void {
    this.#over = true;
    this.#fail(ended());
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

const ended = (): AppError => new AppError("HOST_OFFLINE", "The agent of this host ended before it answered; what it had accepted, it brings about at its next start.");

const errorFrom = (error: Answer["error"]): AppError =>
  new AppError(isErrorCode(error?.code) ? error.code : "INTERNAL", error?.publicMessage ?? "The agent gave no reason.", error?.issues ? { issues: error.issues } : {});
