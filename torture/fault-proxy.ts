import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { Random } from "../prove/random";

/** What a way may do to one frame. `truncate`: its first half arrives; `cut`: the connection ends in place of it. */
export const FRAME_FAULTS = ["drop", "duplicate", "reorder", "delay", "truncate", "half-open", "slow", "cut"] as const;
export type FrameFault = (typeof FRAME_FAULTS)[number];

/** Decides about a frame, in either direction; null: it passes. */
export type Mischief = (frame: string, towards: "agent" | "server") => FrameFault | null;

export const NO_MISCHIEF: Mischief = () => null;

/** Each frame is hit with the given chance, by any fault. */
export const mischiefOf = (random: Random, share: number): Mischief => () => (random.chance(share) ? random.pick(FRAME_FAULTS) : null);

const DELAY_MS = 150;
const SLOW_MS = 40;

/**
 * Speaks WebSocket on both sides and stands between agents and their server. Faults are made of whole frames, because TCP lets
 * nothing else arrive; pings and pongs are passed on, so that a connection that is half open is silent.
 */
export class FaultProxy {
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  readonly counts = new Map<FrameFault, number>();
  mischief: Mischief = NO_MISCHIEF;
  /** Goes on when the mischief has stopped: for seeing that it is seen. */
  always: Mischief = NO_MISCHIEF;
  /** Takes no connections. */
  down = false;

  private constructor(targetUrl: string) {
    this.#http.on("upgrade", (request, socket, head) => {
      if (this.down) return void socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (near) => this.#join(near, targetUrl));
    });
  }

  static async listen(targetUrl: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetUrl);
    await new Promise<void>((resolve) => proxy.#http.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/agent`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #join(near: WebSocket, targetUrl: string): void {
    const far = new WebSocket(targetUrl, { autoPong: false, perMessageDeflate: false });
    const cut = (): void => (near.terminate(), far.terminate());
    const state = { open: true, slow: false };
    const opened = new Promise<void>((resolve) => far.once("open", resolve));
    const toServer = new Direction(far, opened, state, cut, (frame) => this.#judge(frame, "server"));
    const toAgent = new Direction(near, Promise.resolve(), state, cut, (frame) => this.#judge(frame, "agent"));
    for (const [from, to, way] of [[near, far, toServer], [far, near, toAgent]] as const) {
      from.on("message", (data) => way.pass((data as Buffer).toString()));
      from.on("ping", (data) => void (state.open && to.readyState === WebSocket.OPEN && to.ping(data)));
      from.on("pong", (data) => void (state.open && to.readyState === WebSocket.OPEN && to.pong(data)));
      from.on("error", cut);
      // A side that is half open does not hear that the other one has left.
      from.on("close", () => void (state.open && way.after(cut)));
    }
  }

  #judge(frame: string, towards: "agent" | "server"): FrameFault | null {
    const fault = this.always(frame, towards) ?? this.mischief(frame, towards);
    if (fault) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return fault;
  }
}

/** One direction of one connection: frames leave in the order that the faults give them. */
class Direction {
  #tail: Promise<unknown>;
  #held: string | null = null;

  constructor(
    private readonly to: WebSocket, opened: Promise<void>, private readonly state: { open: boolean; slow: boolean },
    private readonly cut: () => void, private readonly judge: (frame: string) => FrameFault | null,
  ) {
    this.#tail = opened;
  }

  pass(frame: string): void {
    const fault = this.judge(frame);
    switch (fault) {
      case "drop": return;
      case "duplicate": return this.#send(frame, frame);
      case "reorder": return this.#hold(frame);
      case "truncate": return this.#send(frame.slice(0, frame.length / 2));
      case "half-open": return void (this.state.open = false);
      case "cut": return this.after(this.cut);
      case "slow": this.state.slow = true; return this.#send(frame);
      case "delay": this.#wait(DELAY_MS); return this.#send(frame);
      case null: return this.#send(frame);
    }
  }

  /** After everything that came before. */
  after(work: () => void): void {
    this.#tail = this.#tail.then(work);
  }

  #hold(frame: string): void {
    if (this.#held !== null) return this.#send(frame);
    this.#held = frame;
  }

  #wait(ms: number): void {
    this.#tail = this.#tail.then(() => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** What was held back goes after the next frame. */
  #send(...frames: string[]): void {
    const all = [...frames, ...(this.#held === null ? [] : [this.#held])];
    this.#held = null;
    for (const frame of all) {
      if (this.state.slow) this.#wait(SLOW_MS);
      this.after(() => void (this.state.open && this.to.readyState === WebSocket.OPEN && this.to.send(frame)));
    }
  }
}
